/* A registry that behaves as its repository's name says, with ghcr.io's token exchange. */
#pragma once

#include "loopback-server.h"

typedef struct
{
  LoopbackServer *server;
  char *name;           /* owned: `127.0.0.1:PORT` */
  GAsyncQueue *reached; /* one element a request */
  gint n_requests;      /* atomic */
  gint n_tokens;        /* atomic: questions to the token server */
  gint n_leaks;         /* atomic: credentials or tokens that came where they should not */
} FakeRegistry;

FakeRegistry *fake_registry_new (GTlsCertificate *certificate);
void fake_registry_free (FakeRegistry *registry);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FakeRegistry, fake_registry_free)
