/* Tags of a registry that authenticates, pages, redirects and misbehaves. */
#include "core/base/error.h"
#include "core/registry/registry.h"

#include "fake-registry.h"

#include <string.h>

/* Waited for in vain only if the bound under test fails. */
#define LONG_MS 60000

static StewardCredential user = { (char *)"user", (char *)"secret", NULL };
static StewardCredential stranger = { (char *)"user", (char *)"wrong-secret", NULL };
static StewardCredential identity = { NULL, NULL, (char *)"identity&secret" };

static GStrv
list (FakeRegistry *registry,
      const char *repository,
      const StewardCredential *credential,
      GError **error)
{
  StewardRepository where = { registry->name, repository, credential, LONG_MS };

  return steward_registry_list_tags (&where, NULL, error);
}

static void
test_lists (void)
{
  static const struct
  {
    const char *repository, *tags;
    const StewardCredential *credential;
  } cases[] = {
    { "pages/relative", "3.0.0 3.1.0 v3.2.0 latest 3.9.3-rc.2", NULL },
    { "pages/absolute", "3.0.0 3.1.0 v3.2.0 latest 3.9.3-rc.2", NULL },
    { "link/other", "3.0.0", NULL },
    { "text/null", "", NULL },
    { "text/odd", "3.0.0", NULL },
    { "token/user", "3.0.0", &user },
    { "token/user", "3.0.0", &identity },
    { "basic/app", "3.0.0", &user },
    { "redirect/other", "3.0.0", NULL },
  };
  g_autoptr (FakeRegistry) registry = fake_registry_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_auto (GStrv) tags = list (registry, cases[i].repository, cases[i].credential, &error);

      if (error != NULL)
        g_error ("%s: %s", cases[i].repository, error->message);
      g_autofree char *joined = g_strjoinv (" ", tags);
      g_assert_cmpstr (joined, ==, cases[i].tags);
    }
  g_assert_cmpint (registry->n_leaks, ==, 0);
}

static void
test_one_token_for_all_pages (void)
{
  g_autoptr (FakeRegistry) registry = fake_registry_new (NULL);
  g_auto (GStrv) tags = list (registry, "pages/relative", NULL, NULL);

  g_assert_nonnull (tags);
  g_assert_cmpint (registry->n_tokens, ==, 1);
  g_assert_cmpint (registry->n_requests, ==, 5);
}

static void
test_refusals (void)
{
  static const struct
  {
    const char *repository;
    int code;
    const StewardCredential *credential;
    const char *said; /* nullable */
  } cases[] = {
    { "link/loop", STEWARD_ERROR_INVALID, NULL, NULL },
    { "token/user", STEWARD_ERROR_DENIED, NULL, "without credentials" },
    { "token/user", STEWARD_ERROR_DENIED, &stranger, "with the credentials" },
    { "token/denied", STEWARD_ERROR_DENIED, NULL, NULL },
    { "token/rubbish", STEWARD_ERROR_INVALID, NULL, NULL },
    { "token/fault", STEWARD_ERROR_UNREACHABLE, NULL, "503" },
    { "token/ignored", STEWARD_ERROR_DENIED, NULL, NULL },
    { "realm/plain", STEWARD_ERROR_INVALID, &user, "not safe" },
    { "realm/file", STEWARD_ERROR_INVALID, &user, "not safe" },
    { "realm/rubbish", STEWARD_ERROR_INVALID, &user, "not safe" },
    { "basic/app", STEWARD_ERROR_DENIED, NULL, "without credentials" },
    { "basic/app", STEWARD_ERROR_DENIED, &stranger, "with the credentials" },
    { "redirect/plain", STEWARD_ERROR_INVALID, &user, "not safe" },
    { "redirect/loop", STEWARD_ERROR_INVALID, NULL, "not safe" },
    { "status/400", STEWARD_ERROR_INVALID, NULL, NULL },
    { "status/401", STEWARD_ERROR_DENIED, NULL, "without credentials" },
    { "status/403", STEWARD_ERROR_DENIED, NULL, NULL },
    { "status/404", STEWARD_ERROR_NOT_FOUND, NULL, "status/404" },
    { "status/429", STEWARD_ERROR_UNREACHABLE, NULL, "too often" },
    { "status/500", STEWARD_ERROR_UNREACHABLE, NULL, "500" },
    { "status/503", STEWARD_ERROR_UNREACHABLE, NULL, "503" },
    { "retry/seconds", STEWARD_ERROR_UNREACHABLE, NULL, "120 seconds" },
    { "retry/date", STEWARD_ERROR_UNREACHABLE, NULL, " seconds" },
    { "retry/century", STEWARD_ERROR_UNREACHABLE, NULL, "Try again later" },
    { "retry/rubbish", STEWARD_ERROR_UNREACHABLE, NULL, "too often" },
    { "text/html", STEWARD_ERROR_INVALID, NULL, NULL },
    { "text/array", STEWARD_ERROR_INVALID, NULL, NULL },
    { "text/string", STEWARD_ERROR_INVALID, NULL, NULL },
    { "text/missing", STEWARD_ERROR_INVALID, NULL, NULL },
    { "text/empty", STEWARD_ERROR_INVALID, NULL, NULL },
    { "text/deep", STEWARD_ERROR_INVALID, NULL, NULL },
    { "endless/app", STEWARD_ERROR_INVALID, NULL, "too large" },
  };
  g_autoptr (FakeRegistry) registry = fake_registry_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_auto (GStrv) tags = list (registry, cases[i].repository, cases[i].credential, &error);

      g_assert_null (tags);
      if (!g_error_matches (error, STEWARD_ERROR, cases[i].code)
          || (cases[i].said != NULL && strstr (error->message, cases[i].said) == NULL))
        g_error ("%s: %s", cases[i].repository, error->message);
      g_assert_nonnull (strstr (error->message, registry->name));
      g_assert_nonnull (strstr (error->message, "tag can still be typed"));
      g_assert_null (strstr (error->message, "secret"));
    }
}

static void
test_links (void)
{
  static const struct
  {
    const char *repository;
    int max_requests;
  } cases[] = {
    { "link/loop", 1 }, { "link/foreign", 1 }, { "link/rubbish", 1 }, { "link/endless", 1000 }
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (FakeRegistry) registry = fake_registry_new (NULL);
      g_autoptr (GError) error = NULL;

      g_assert_null (list (registry, cases[i].repository, NULL, &error));
      g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_INVALID);
      g_assert_cmpint (registry->n_requests, <=, cases[i].max_requests);
    }
}

static void
test_silence (void)
{
  g_autoptr (FakeRegistry) registry = fake_registry_new (NULL);
  StewardRepository where = { registry->name, "silent/app", NULL, 200 };
  g_autoptr (GError) error = NULL;

  g_assert_null (steward_registry_list_tags (&where, NULL, &error));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_UNREACHABLE);
  g_assert_nonnull (strstr (error->message, "in time"));
}

static void
test_nobody (void)
{
  FakeRegistry *registry = fake_registry_new (NULL);
  g_autofree char *name = g_strdup (registry->name);
  StewardRepository where = { name, "pages/relative", NULL, LONG_MS };
  g_autoptr (GError) error = NULL;

  fake_registry_free (registry);
  g_assert_null (steward_registry_list_tags (&where, NULL, &error));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_UNREACHABLE);
  g_assert_nonnull (strstr (error->message, name));
}

static gpointer
cancel_thread (gpointer data)
{
  gpointer *arguments = data;

  g_async_queue_pop (arguments[0]);
  g_cancellable_cancel (arguments[1]);
  return NULL;
}

static void
test_cancel (void)
{
  g_autoptr (FakeRegistry) registry = fake_registry_new (NULL);
  StewardRepository where = { registry->name, "silent/app", NULL, LONG_MS };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  gpointer arguments[] = { registry->reached, cancellable };
  GThread *thread = g_thread_new ("cancel", cancel_thread, arguments);
  g_autoptr (GError) error = NULL;

  g_assert_null (steward_registry_list_tags (&where, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_thread_join (thread);
}

static void
test_names (void)
{
  static const struct
  {
    const char *registry, *repository;
  } cases[] = {
    { "", "a" },           { "ghcr.io/x", "a" }, { "user@ghcr.io", "a" }, { "ghcr.io:x", "a" },
    { "ghcr.io?x", "a" },  { "ghcr.io", "" },    { "ghcr.io", "a/../b" }, { "ghcr.io", "a//b" },
    { "ghcr.io", "A" },    { "ghcr.io", "a?b" }, { "ghcr.io", "/a" },     { "ghcr.io", "a b" },
    { "ghcr.io", "a%2f" }, { "gh\r\ncr", "a" },  { "ghcr.io", "a\n" },    { ":5000", "a" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      StewardRepository where = { cases[i].registry, cases[i].repository, NULL, LONG_MS };
      g_autoptr (GError) error = NULL;

      g_assert_null (steward_registry_list_tags (&where, NULL, &error));
      if (!g_error_matches (error, STEWARD_ERROR, STEWARD_ERROR_INVALID))
        g_error ("'%s' '%s': %s", cases[i].registry, cases[i].repository, error->message);
    }
}

/* A resolver for which every name is this machine. */
typedef struct
{
  GResolver parent;
} LoopbackResolver;
typedef struct
{
  GResolverClass parent;
} LoopbackResolverClass;
static GType loopback_resolver_get_type (void);
G_DEFINE_TYPE (LoopbackResolver, loopback_resolver, G_TYPE_RESOLVER)

static GPtrArray *asked_names;

static GList *
lookup_by_name (GResolver *resolver, const char *name, GCancellable *cancellable, GError **error)
{
  g_ptr_array_add (asked_names, g_strdup (name));
  return g_list_append (NULL, g_inet_address_new_from_string ("127.0.0.1"));
}

static GList *
lookup_by_name_with_flags (GResolver *resolver,
                           const char *name,
                           GResolverNameLookupFlags flags,
                           GCancellable *cancellable,
                           GError **error)
{
  if (flags & G_RESOLVER_NAME_LOOKUP_FLAGS_IPV6_ONLY)
    return NULL;
  return lookup_by_name (resolver, name, cancellable, error);
}

static void
loopback_resolver_class_init (LoopbackResolverClass *class)
{
  class->parent.lookup_by_name = lookup_by_name;
  class->parent.lookup_by_name_with_flags = lookup_by_name_with_flags;
}

static void
loopback_resolver_init (LoopbackResolver *self)
{
}

/* Whatever registries are asked in @test are on this machine. */
static void
with_loopback_resolver (void (*test) (void))
{
  g_autoptr (GResolver) old = g_resolver_get_default ();
  g_autoptr (GResolver) resolver = g_object_new (loopback_resolver_get_type (), NULL);

  asked_names = g_ptr_array_new_with_free_func (g_free);
  g_resolver_set_default (resolver);
  test ();
  g_resolver_set_default (old);
  g_clear_pointer (&asked_names, g_ptr_array_unref);
}

static void
list_over_tls (void)
{
  g_autoptr (GTlsCertificate) certificate = loopback_server_dup_certificate ();
  g_autoptr (GTlsDatabase) authority = loopback_server_dup_authority ();
  g_autoptr (FakeRegistry) registry = fake_registry_new (certificate);
  g_autoptr (GError) error = NULL, other_error = NULL;
  GTlsBackend *backend = g_tls_backend_get_default ();

  g_free (registry->name);
  registry->name = g_strdup_printf ("server.test:%u", loopback_server_get_port (registry->server));
  g_assert_null (list (registry, "pages/absolute", NULL, &error));
  g_assert_error (error, STEWARD_ERROR, STEWARD_ERROR_REFUSED);
  g_assert_nonnull (strstr (error->message, "certificate of registry server.test"));

  g_tls_backend_set_default_database (backend, authority);
  g_auto (GStrv) tags = list (registry, "basic/app", &user, NULL);
  g_assert_null (list (registry, "realm/plain", &user, &other_error));
  g_tls_backend_set_default_database (backend, NULL);
  g_assert_cmpstr (tags[0], ==, "3.0.0");
  g_assert_error (other_error, STEWARD_ERROR, STEWARD_ERROR_INVALID);
}

static void
test_tls (void)
{
  with_loopback_resolver (list_over_tls);
}

static void
ask_docker_hub (void)
{
  StewardRepository where = { "docker.io", "postgres", NULL, LONG_MS };
  g_autoptr (GError) error = NULL;

  /* Nothing listens on this machine's port 443, or nothing with a certificate for that name. */
  g_assert_null (steward_registry_list_tags (&where, NULL, &error));
  g_assert_cmpuint (asked_names->len, >, 0);
  g_assert_cmpstr (g_ptr_array_index (asked_names, 0), ==, "registry-1.docker.io");
  g_assert_nonnull (strstr (error->message, "docker.io"));
}

static void
test_docker_hub (void)
{
  with_loopback_resolver (ask_docker_hub);
}

int
main (int argc, char **argv)
{
  g_setenv ("GIO_USE_PROXY_RESOLVER", "dummy", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/registry/lists-tags", test_lists);
  g_test_add_func ("/registry/asks-one-token-for-all-pages", test_one_token_for_all_pages);
  g_test_add_func ("/registry/says-what-is-wrong", test_refusals);
  g_test_add_func ("/registry/stays-within-its-pages", test_links);
  g_test_add_func ("/registry/gives-up-on-silence", test_silence);
  g_test_add_func ("/registry/says-that-nobody-is-there", test_nobody);
  g_test_add_func ("/registry/ends-when-cancelled", test_cancel);
  g_test_add_func ("/registry/refuses-what-is-no-name", test_names);
  g_test_add_func ("/registry/wants-trusted-tls-elsewhere", test_tls);
  g_test_add_func ("/registry/knows-where-docker-hub-is", test_docker_hub);
  return g_test_run ();
}
