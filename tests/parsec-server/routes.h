/* What the stand-in server answers, version by version, and two addresses of the tests' own:
 * `POST /test/write` stores the body as a row the way a client's message is stored and answers
 * {"id": N} after the commit; `GET /test/count` answers {"rows": N}. */
#pragma once

#include "http.h"
#include "release.h"

typedef struct
{
  const ParsecRelease *release; /* borrowed */
  const char *database_url;     /* borrowed */
} ParsecRoutes;

/* A ParsecHandler; @user_data is a ParsecRoutes. */
void
parsec_routes_answer (const ParsecRequest *request, ParsecResponse *response, gpointer user_data);
