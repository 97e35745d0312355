/* What the stand-in server answers, version by version, and two addresses of the tests' own:
 * `POST /test/write` stores the body as a row the way a client's message is stored and answers
 * {"id": N} after the commit; `GET /test/count` answers {"rows": N}. */
#pragma once

#include "database.h"
#include "http.h"
#include "release.h"

typedef struct
{
  const ParsecRelease *release; /* borrowed */
  const char *database_url;     /* borrowed */
  GMutex mutex;
  PGconn *connection; /* owned, nullable, guarded: as a real server's pool keeps its own */
} ParsecRoutes;

/* A ParsecHandler; @user_data is a ParsecRoutes. */
void
parsec_routes_answer (const ParsecRequest *request, ParsecResponse *response, gpointer user_data);

/* Ends the connection of the tests' addresses; the next request makes one anew. From any thread. */
void parsec_routes_disconnect (ParsecRoutes *routes);
