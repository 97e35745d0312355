/* Asks a Parsec server over HTTP(S) whether it answers. It is only asked, never changed: `GET /`,
 * which does not touch its database, and `/openapi.json` where the exact version is wanted.
 *
 * Source: releases 3.0.0 and 3.9.3 and the development head, run. Each answer has `Server:
 * parsec/3`;
 * `/` is 200, or 301 where the web app is on; a proxy in front answers 502 while the server is
 * down. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * StewardServerAddress:
 * @scheme: `http` or `https`
 * @host_name: what TLS and the header `Host` say
 * @address: (nullable): connect to this name or address instead, a forwarded port for example
 * @port: the port at @address, or at @host_name
 * @socket_path: (nullable): connect to this unix socket instead of all of these
 * @accepted: (nullable): the fingerprint of a certificate that is right for this server, whether
 * this machine trusts it or not
 */
typedef struct
{
  const char *scheme;
  const char *host_name;
  const char *address;
  guint16 port;
  const char *socket_path;
  const char *accepted;
} StewardServerAddress;

/**
 * StewardTlsState:
 * @STEWARD_TLS_NONE: plain HTTP
 * @STEWARD_TLS_TRUSTED: this machine trusts the certificate
 * @STEWARD_TLS_NOT_TRUSTED: it does not; with a private CA that is the rule
 * @STEWARD_TLS_ACCEPTED: it does not, and this very certificate was accepted
 */
typedef enum
{
  STEWARD_TLS_NONE,
  STEWARD_TLS_TRUSTED,
  STEWARD_TLS_NOT_TRUSTED,
  STEWARD_TLS_ACCEPTED,
} StewardTlsState;

typedef struct
{
  gboolean answers_as_parsec; /* status 200 or 301, and `Server: parsec/N` */
  guint status;               /* of `GET /` */
  guint server_major;         /* N, zero where the header is another */
  char *version;              /* owned, nullable: exact, where asked for and told */
  StewardTlsState tls;
  char *tls_problem; /* owned, nullable: why the certificate is not trusted, a whole sentence */
  char *fingerprint; /* owned, nullable: SHA-256 of the certificate as openssl writes it: AB:CD:… */
  char *server_name; /* owned, nullable: NAME:PORT by which clients know the server, where that is
                        set; what a certificate is accepted for */
  guint elapsed_ms;  /* of `GET /` */
} StewardHealth;

void steward_health_free (StewardHealth *health);

/** StewardProbeFlags: @STEWARD_PROBE_VERSION: ask for the exact version too */
typedef enum
{
  STEWARD_PROBE_DEFAULT = 0,
  STEWARD_PROBE_VERSION = 1 << 0,
} StewardProbeFlags;

/**
 * steward_probe_ask:
 * @endpoint: where the server listens
 * @timeout_ms: for the whole call
 *
 * Blocks, for a worker thread. Redirects are not followed, no proxy is used, and a certificate that
 * is not trusted is reported, not refused. An answer of something else than Parsec is no error
 * either.
 *
 * Errors: %STEWARD_ERROR_UNREACHABLE when nobody answers HTTP in time; %G_IO_ERROR_CANCELLED.
 *
 * Returns: (transfer full) (nullable): what was seen
 */
StewardHealth *steward_probe_ask (const StewardServerAddress *endpoint,
                                  StewardProbeFlags flags,
                                  guint timeout_ms,
                                  GCancellable *cancellable,
                                  GError **error);

/**
 * StewardProbeAliveFunc:
 * Called between two questions, in the thread that waits; may block for a short while.
 * Returns: %FALSE with an error when the server has died and waiting is in vain
 */
typedef gboolean (*StewardProbeAliveFunc) (gpointer data,
                                           GCancellable *cancellable,
                                           GError **error);

/**
 * StewardProbeWait:
 * @timeout_ms: give up after this
 * @interval_ms: from one answer to the next question
 * @alive: (nullable): see #StewardProbeAliveFunc
 */
typedef struct
{
  guint timeout_ms;
  guint interval_ms;
  StewardProbeAliveFunc alive;
  gpointer alive_data;
} StewardProbeWait;

/**
 * steward_probe_wait:
 * @wait: how long, how often
 *
 * Asks until the server answers as Parsec. Blocks, for a worker thread.
 *
 * Errors: those of @wait's function, as they are; %STEWARD_ERROR_UNREACHABLE when the time is over,
 * with what was seen last; %G_IO_ERROR_CANCELLED.
 *
 * Returns: (transfer full) (nullable): the health that ended the wait
 */
StewardHealth *steward_probe_wait (const StewardServerAddress *endpoint,
                                   const StewardProbeWait *wait,
                                   GCancellable *cancellable,
                                   GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StewardHealth, steward_health_free)

G_END_DECLS
