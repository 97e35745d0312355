/* The edit of the tag, as tables: what must change, byte for byte, and what must be refused. */
#include "core/base/error.h"
#include "core/compose/compose-edit.h"

#include <string.h>

#define IMAGE "ghcr.io/scille/parsec-cloud/parsec-server"
#define HEX64 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define DIGEST "sha256:" HEX64
#define NEW_DIGEST "sha256:abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789"

/* Files that are %NULL are not given; expected files that are %NULL do not change. */
typedef struct
{
  const char *name;
  const char *services; /* separated by commas */
  const char *compose, *override, *env;
  const char *new_compose, *new_override, *new_env;
  const char *new_tag, *new_digest; /* 3.1.0 and none where NULL */
  const char *old_tag;              /* 3.0.0 where NULL */
} EditCase;

#define ONE(image) "services:\n  parsec:\n    image: " image "\n"

static const EditCase EDITS[] = {
  { "plain", "parsec", ONE (IMAGE ":3.0.0"), NULL, NULL, ONE (IMAGE ":3.1.0") },
  { "no-line-end", "parsec", "services: {parsec: {image: a:3.0.0}}", NULL, NULL,
    "services: {parsec: {image: a:3.1.0}}" },
  { "single-quotes", "parsec", ONE ("'a:3.0.0' # 'a:3.0.0'"), NULL, NULL,
    ONE ("'a:3.1.0' # 'a:3.0.0'") },
  { "double-quotes", "parsec", ONE ("\"a:3.0.0\"   "), NULL, NULL, ONE ("\"a:3.1.0\"   ") },
  { "port-of-registry", "parsec", ONE ("localhost:5000/a:3.0.0"), NULL, NULL,
    ONE ("localhost:5000/a:3.1.0") },
  { "tag-elsewhere-in-name", "parsec", ONE ("r.io/3.0.0/a3.0.0:3.0.0"), NULL, NULL,
    ONE ("r.io/3.0.0/a3.0.0:3.1.0") },
  { "crlf", "parsec", "# été\r\nservices:\r\n  parsec:\r\n    image: a:3.0.0\r\n    tty: no\r\n",
    NULL, NULL, "# été\r\nservices:\r\n  parsec:\r\n    image: a:3.1.0\r\n    tty: no\r\n" },
  { "bom-and-crlf", "parsec", "\xef\xbb\xbf# é\r\nservices:\r\n  parsec:\r\n    image: a:3.0.0",
    NULL, NULL, "\xef\xbb\xbf# é\r\nservices:\r\n  parsec:\r\n    image: a:3.1.0" },
  { "accents-and-emoji-before", "parsec",
    "# Déploiement à l'été 🦀 — « ça »\nx-ü: ñ\n" ONE ("a:3.0.0 # où 3.0.0"), NULL,
    NULL, "# Déploiement à l'été 🦀 — « ça »\nx-ü: ñ\n" ONE ("a:3.1.0 # où 3.0.0") },
  { "line-separators-before", "parsec", "# a\xe2\x80\xa8# b\xc2\x85# c\n" ONE ("a:3.0.0"), NULL,
    NULL, "# a\xe2\x80\xa8# b\xc2\x85# c\n" ONE ("a:3.1.0") },
  { "comments-and-strings-with-image", "parsec",
    "# image: a:3.0.0\nservices:\n  parsec:\n    # image: a:3.0.0\n    command: \"image: "
    "a:3.0.0\"\n"
    "    image: a:3.0.0\n    labels: {image: 'a:3.0.0'}\n  b:\n    image: b:3.0.0\n",
    NULL, NULL,
    "# image: a:3.0.0\nservices:\n  parsec:\n    # image: a:3.0.0\n    command: \"image: "
    "a:3.0.0\"\n"
    "    image: a:3.1.0\n    labels: {image: 'a:3.0.0'}\n  b:\n    image: b:3.0.0\n" },
  { "block-scalar-with-image", "parsec",
    "services:\n  parsec:\n    command: |\n      image: a:3.0.0\n    image: a:3.0.0\n", NULL, NULL,
    "services:\n  parsec:\n    command: |\n      image: a:3.0.0\n    image: a:3.1.0\n" },
  { "two-services", "parsec,pre-parsec",
    "services:\n  parsec: {image: 'a:3.0.0'}\n  pre-parsec: {image: a:3.0.0, command: migrate}\n",
    NULL, NULL,
    "services:\n  parsec: {image: 'a:3.1.0'}\n  pre-parsec: {image: a:3.1.0, command: migrate}\n" },
  { "keeps-v", "parsec", ONE ("a:3.0.0"), NULL, NULL, ONE ("a:v3.1.0"), NULL, NULL, "v3.1.0" },
  { "shorter-tag", "parsec", ONE ("a:3.0.0 # x"), NULL, NULL, ONE ("a:3 # x"), NULL, NULL, "3" },
  { "digest-is-removed", "parsec", ONE ("a:3.0.0@" DIGEST " # x"), NULL, NULL,
    ONE ("a:3.1.0 # x") },
  { "digest-is-replaced", "parsec", ONE ("a:3.0.0@" DIGEST), NULL, NULL,
    ONE ("a:3.1.0@" NEW_DIGEST), NULL, NULL, NULL, NEW_DIGEST },
  { "digest-is-not-added", "parsec", ONE ("a:3.0.0"), NULL, NULL, ONE ("a:3.1.0"), NULL, NULL, NULL,
    NEW_DIGEST },
  { "same-tag", "parsec", ONE ("a:3.0.0"), NULL, NULL, NULL, NULL, NULL, "3.0.0" },
  { "anchored-scalar", "parsec,pre-parsec",
    "services:\n  parsec:\n    image: &img a:3.0.0\n  pre-parsec:\n    image: *img\n", NULL, NULL,
    "services:\n  parsec:\n    image: &img a:3.1.0\n  pre-parsec:\n    image: *img\n" },
  { "anchor-in-extension-field", "parsec,pre-parsec",
    "x-image: &img !!str \"a:3.0.0\"\nservices:\n  parsec: {image: *img}\n  pre-parsec: {image: "
    "*img}\n",
    NULL, NULL,
    "x-image: &img !!str \"a:3.1.0\"\nservices:\n  parsec: {image: *img}\n  pre-parsec: {image: "
    "*img}\n" },
  { "merge-key", "parsec,pre-parsec",
    "x-base: &base\n  image: a:3.0.0\n  user: x\nservices:\n  parsec:\n    <<: *base\n  "
    "pre-parsec:\n"
    "    <<: [*base]\n    command: migrate\n  b:\n    <<: *base\n    image: b:3.0.0\n",
    NULL, NULL,
    "x-base: &base\n  image: a:3.1.0\n  user: x\nservices:\n  parsec:\n    <<: *base\n  "
    "pre-parsec:\n"
    "    <<: [*base]\n    command: migrate\n  b:\n    <<: *base\n    image: b:3.0.0\n" },
  { "own-key-before-merged", "parsec",
    "x-base: &base {image: 'a:1.0.0'}\nservices:\n  parsec:\n    <<: *base\n    image: a:3.0.0\n",
    NULL, NULL,
    "x-base: &base {image: 'a:1.0.0'}\nservices:\n  parsec:\n    <<: *base\n    image: a:3.1.0\n" },
  { "first-merged-wins", "parsec",
    "x-a: &a {image: 'a:3.0.0'}\nx-b: &b {image: 'a:1.0.0'}\nservices:\n  parsec: {<<: [*a, *b]}\n",
    NULL, NULL,
    "x-a: &a {image: 'a:3.1.0'}\nx-b: &b {image: 'a:1.0.0'}\nservices:\n  parsec: {<<: [*a, "
    "*b]}\n" },
  { "extends-in-the-same-file", "parsec,pre-parsec",
    "services:\n  parsec: {image: 'a:3.0.0'}\n  pre-parsec: {extends: {service: parsec}}\n", NULL,
    NULL, "services:\n  parsec: {image: 'a:3.1.0'}\n  pre-parsec: {extends: {service: parsec}}\n" },
  { "override-wins", "parsec", ONE ("a:2.0.0"), ONE ("a:3.0.0"), NULL, NULL, ONE ("a:3.1.0") },
  { "override-without-image", "parsec", ONE ("a:3.0.0"), "services: {parsec: {tty: true}}\n", NULL,
    ONE ("a:3.1.0") },
  { "default-in-the-file", "parsec", ONE ("a:${V:-3.0.0}"), NULL, NULL, ONE ("a:${V:-3.1.0}") },
  { "default-without-colon", "parsec", ONE ("'a:${V-3.0.0}'"), NULL, NULL, ONE ("'a:${V-3.1.0}'") },
  { "nested-default", "parsec", ONE ("a:${V:-${W:-3.0.0}}"), NULL, NULL,
    ONE ("a:${V:-${W:-3.1.0}}") },
  { "default-of-whole-image", "parsec", ONE ("${I:-r.io/a:3.0.0}"), NULL, "OTHER=1\n",
    ONE ("${I:-r.io/a:3.1.0}") },
  { "empty-variable-takes-default", "parsec", ONE ("a:${V:-3.0.0}"), NULL, "V=\n",
    ONE ("a:${V:-3.1.0}") },
  { "env-line", "parsec", ONE ("a:${V}"), NULL, "V=3.0.0\n", NULL, NULL, "V=3.1.0\n" },
  { "env-wins-over-default", "parsec", ONE ("a:${V:-9.9.9}"), NULL, "A=3.0.0\nV=3.0.0", NULL, NULL,
    "A=3.0.0\nV=3.1.0" },
  { "env-required", "parsec", ONE ("a:${V:?say which}"), NULL, "V=3.0.0", NULL, NULL, "V=3.1.0" },
  { "env-bare-variable", "parsec", ONE ("a:$V"), NULL, "V=3.0.0", NULL, NULL, "V=3.1.0" },
  { "env-export-quotes-comment", "parsec", ONE ("a:$V"), NULL, "export  V = \"3.0.0\" # 3.0.0\n",
    NULL, NULL, "export  V = \"3.1.0\" # 3.0.0\n" },
  { "env-single-quotes-crlf-bom", "parsec", ONE ("a:$V"), NULL,
    "\xef\xbb\xbf# é\r\nV='3.0.0'\r\nW=x\r\n", NULL, NULL,
    "\xef\xbb\xbf# é\r\nV='3.1.0'\r\nW=x\r\n" },
  { "env-bare-crlf-comment", "parsec", ONE ("a:$V"), NULL, "V=3.0.0  #x\r\n#V=1\r\n", NULL, NULL,
    "V=3.1.0  #x\r\n#V=1\r\n" },
  { "env-colon", "parsec", ONE ("a:$V"), NULL, "V: 3.0.0\n", NULL, NULL, "V: 3.1.0\n" },
  { "env-later-duplicate-wins", "parsec", ONE ("a:$V"), NULL, "V=1.0.0\nV=3.0.0\nVV=3.0.0\n", NULL,
    NULL, "V=1.0.0\nV=3.1.0\nVV=3.0.0\n" },
  { "env-inside-quotes-is-no-line", "parsec", ONE ("a:$V"), NULL, "V=3.0.0\nW=\"x\nV=1\n\"\n", NULL,
    NULL, "V=3.1.0\nW=\"x\nV=1\n\"\n" },
  { "env-whole-image", "parsec", ONE ("${I}"), NULL, "I=r.io:5/a:3.0.0@" DIGEST " # x\n", NULL,
    NULL, "I=r.io:5/a:3.1.0 # x\n" },
  { "env-variable-of-variable", "parsec", ONE ("$I"), NULL, "T=3.0.0\nI=a:${T}\n", NULL, NULL,
    "T=3.1.0\nI=a:${T}\n" },
  { "env-shared-by-services", "parsec,pre-parsec",
    "services:\n  parsec: {image: 'a:${V}'}\n  pre-parsec: {image: 'a:${V:-3.0.0}'}\n", NULL,
    "V=3.0.0", NULL, NULL, "V=3.1.0" },
  { "env-with-digest-in-file", "parsec", ONE ("a:${V}@" DIGEST), NULL, "V=3.0.0", ONE ("a:${V}"),
    NULL, "V=3.1.0" },
  { "env-with-v-in-file", "parsec", ONE ("a:v${V}"), NULL, "V=3.0.0", NULL, NULL, "V=3.1.0",
    "v3.1.0", NULL, "v3.0.0" },
  { "env-with-suffix-in-file", "parsec", ONE ("a:${V}-alpine"), NULL, "V=3.0.0", NULL, NULL,
    "V=3.1.0", "3.1.0-alpine", NULL, "3.0.0-alpine" },
  { "registry-of-the-session", "parsec", ONE ("${REGISTRY}/a:3.0.0"), NULL, NULL,
    ONE ("${REGISTRY}/a:3.1.0") },
  { "variable-used-by-server-itself", "parsec",
    "services: {parsec: {image: 'a:${V}', environment: {V: '${V}'}}}", NULL, "V=3.0.0", NULL, NULL,
    "V=3.1.0" },
  { "alternative", "parsec", ONE ("a:${ON:+3.0.0}"), NULL, "ON=1", ONE ("a:${ON:+3.1.0}") },
};

static GPtrArray *
run_case (const EditCase *item, GError **error)
{
  g_auto (GStrv) services = g_strsplit (item->services, ",", -1);
  const char *texts[] = { item->compose, item->override, item->env };
  const char *paths[] = { "/srv/compose.yaml", "/srv/override.yaml", "/srv/.env" };
  StewardComposeFile files[3];
  gsize n_files = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    if (texts[i] != NULL)
      files[n_files++] =
          (StewardComposeFile){ paths[i], g_bytes_new_static (texts[i], strlen (texts[i])),
                                i == 2 ? STEWARD_COMPOSE_FILE_ENV : STEWARD_COMPOSE_FILE_YAML };

  const StewardComposeEditRequest request = {
    .files = files,
    .n_files = n_files,
    .services = (const char *const *)services,
    .old_tag = item->old_tag != NULL ? item->old_tag : "3.0.0",
    .new_tag = item->new_tag != NULL ? item->new_tag : "3.1.0",
    .new_digest = item->new_digest,
  };
  GPtrArray *edits = steward_compose_edit_plan (&request, error);
  for (gsize i = 0; i < n_files; i++)
    g_bytes_unref (files[i].content);
  return edits;
}

static void
assert_edit (const GPtrArray *edits, const char *path, const char *before, const char *after)
{
  for (guint i = 0; i < edits->len; i++)
    {
      const StewardComposeEdit *edit = edits->pdata[i];
      gsize length;
      if (!g_str_equal (edit->path, path))
        continue;
      g_assert_nonnull (after);
      const char *bytes = g_bytes_get_data (edit->after, &length);
      g_assert_cmpmem (bytes, length, after, strlen (after));
      bytes = g_bytes_get_data (edit->before, &length);
      g_assert_cmpmem (bytes, length, before, strlen (before));
      return;
    }
  g_assert_null (after);
}

static void
test_changes_only_the_tag (gconstpointer data)
{
  const EditCase *item = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) edits = run_case (item, &error);

  g_assert_no_error (error);
  assert_edit (edits, "/srv/compose.yaml", item->compose, item->new_compose);
  assert_edit (edits, "/srv/override.yaml", item->override, item->new_override);
  assert_edit (edits, "/srv/.env", item->env, item->new_env);
}

typedef struct
{
  EditCase edit;
  int code;
  const char *words; /* that the message has */
} RefusalCase;

#define REFUSED STEWARD_ERROR_REFUSED
#define INVALID STEWARD_ERROR_INVALID

static const RefusalCase REFUSALS[] = {
  { { "broken-yaml", "parsec", "services:\n  parsec: [\n" }, INVALID, "line 3" },
  { { "tab", "parsec", "services:\n\tparsec:\n\t\timage: a:3.0.0\n" }, INVALID, "line 2" },
  { { "empty", "parsec", "" }, INVALID, "empty" },
  { { "only-a-comment", "parsec", "# image: a:3.0.0\n" }, INVALID, "empty" },
  { { "a-list", "parsec", "- a\n" }, INVALID, "not a compose file" },
  { { "not-utf8", "parsec", "# \xe9t\xe9\n" ONE ("a:3.0.0") }, INVALID, "UTF-8" },
  { { "duplicate-image", "parsec", ONE ("a:3.0.0\n    image: a:3.0.0") },
    INVALID,
    "“image” twice, at line 4" },
  { { "duplicate-service", "parsec", ONE ("a:3.0.0") "  parsec: {}\n" },
    INVALID,
    "“parsec” twice" },
  { { "several-documents", "parsec", ONE ("a:3.0.0") "---\n" ONE ("a:3.0.0") },
    REFUSED,
    "several YAML" },
  { { "unknown-alias", "parsec", ONE ("*nowhere") }, INVALID, "line 3" },
  { { "tag-that-is-none", "parsec", ONE ("a:3.0.0"), .new_tag = "3.1.0\n    privileged: true" },
    INVALID,
    "cannot be the tag" },
  { { "tag-with-command", "parsec", ONE ("a:3.0.0"), .new_tag = "$(reboot)" },
    INVALID,
    "cannot be" },
  { { "digest-that-is-none", "parsec", ONE ("a:3.0.0"), .new_digest = "sha256:1" },
    INVALID,
    "cannot be" },
  { { "no-tag", "parsec", ONE ("a") }, REFUSED, "no tag" },
  { { "no-tag-but-port", "parsec", ONE ("localhost:3000/a") }, REFUSED, "no tag" },
  { { "no-tag-but-variable", "parsec", ONE ("${REGISTRY}/a") }, REFUSED, "no tag" },
  { { "only-a-digest", "parsec", ONE ("a@" DIGEST) }, REFUSED, "no tag" },
  { { "empty-image", "parsec", ONE ("") }, INVALID, "not the name of an image" },
  { { "image-is-a-mapping", "parsec", ONE ("{a: b}") }, REFUSED, "line 3" },
  { { "build-only", "parsec", "services: {parsec: {build: .}}" }, REFUSED, "built" },
  { { "no-image", "parsec", "services: {parsec: {tty: true}}" }, REFUSED, "no image" },
  { { "no-such-service", "parsec", "services: {other: {image: 'a:3.0.0'}}" },
    STEWARD_ERROR_NOT_FOUND,
    "“parsec”" },
  { { "no-services", "parsec", "name: x\n" }, STEWARD_ERROR_NOT_FOUND, "“parsec”" },
  { { "included", "parsec", "include: [b.yaml]\nservices: {}\n" }, REFUSED, "included file" },
  { { "extends-other-file", "parsec", "services: {parsec: {extends: {file: b.yaml, service: a}}}" },
    REFUSED,
    "extends" },
  { { "extends-in-a-circle", "parsec",
      "services: {parsec: {extends: b}, b: {extends: {service: parsec}}}" },
    REFUSED,
    "no image" },
  { { "reset", "parsec", ONE ("a:3.0.0"), ONE ("!reset null") }, REFUSED, "!reset" },
  { { "override-tag", "parsec", ONE ("a:3.0.0"),
      "services: {parsec: !override {image: 'a:3.0.0'}}" },
    REFUSED,
    "!override" },
  { { "literal-block", "parsec", ONE ("|-\n      a:3.0.0") }, REFUSED, "block" },
  { { "folded-block", "parsec", ONE (">-\n      a:3.0.0") }, REFUSED, "block" },
  { { "double-quoted-escapes", "parsec", ONE ("\"a:3.0\\x2e0\"") }, REFUSED, "escapes" },
  { { "over-two-lines", "parsec", ONE ("\"a:3.0\\\n     .0\"") }, REFUSED, "several lines" },
  { { "variable-of-the-session", "parsec", ONE ("a:${V}") }, REFUSED, "variable V" },
  { { "required-variable-of-the-session", "parsec", ONE ("a:${V:?}"), NULL, "W=3.0.0" },
    REFUSED,
    "variable V" },
  { { "image-of-the-session", "parsec", ONE ("$IMAGE") }, REFUSED, "variable IMAGE" },
  { { "part-of-tag-of-the-session", "parsec", ONE ("a:3.${V}") }, REFUSED, "variable V" },
  { { "env-only-names-it", "parsec", ONE ("a:${V}"), NULL, "V\n" }, REFUSED, "variable V" },
  { { "session-overrides-env", "parsec", ONE ("a:${V}"), NULL, "V=2.0.0" }, REFUSED, "2.0.0" },
  { { "session-overrides-default", "parsec", ONE ("a:${V:-2.0.0}") }, REFUSED, "environment" },
  { { "env-with-escapes", "parsec", ONE ("a:${V}"), NULL, "V=\"3.\\0.0\"" }, REFUSED, "escapes" },
  { { "env-refers-to-itself", "parsec", ONE ("a:${V}"), NULL, "V=${V}" },
    REFUSED,
    "not understood" },
  { { "env-broken", "parsec", ONE ("a:${V}"), NULL, "# x\nV=3.0.0\nA B=2\n" }, INVALID, "Line 3" },
  { { "env-quote-without-end", "parsec", ONE ("a:${V}"), NULL, "V='3.0.0\nB=2\n" },
    INVALID,
    "Line 1" },
  { { "unclosed-variable", "parsec", ONE ("a:${V:-3.0.0") }, REFUSED, "not understood" },
  { { "variable-without-name", "parsec", ONE ("a:${}") }, REFUSED, "not understood" },
  { { "two-parts-that-cannot", "parsec", ONE ("a:${A}.0.${B}"), NULL, "A=3\nB=0",
      .new_tag = "4.1.1" },
    REFUSED,
    "several parts" },
  { { "digest-in-variable", "parsec", ONE ("a:3.0.0@sha256:${D}"), NULL, "D=" HEX64 },
    REFUSED,
    "several parts" },
  { { "anchor-of-other-service", "parsec",
      "x-i: &i a:3.0.0\nservices: {parsec: {image: *i}, b: {image: *i}}" },
    REFUSED,
    "“b”" },
  { { "merge-of-other-service", "parsec",
      "x-b: &b {image: 'a:3.0.0'}\nservices: {parsec: {<<: *b}, b: {<<: *b}}" },
    REFUSED,
    "“b”" },
  { { "extended-by-other-service", "parsec",
      "services: {parsec: {image: 'a:3.0.0'}, b: {extends: parsec}}" },
    REFUSED,
    "“b”" },
  { { "variable-of-other-service", "parsec",
      "services: {parsec: {image: 'a:$V'}, b: {image: 'b:1', labels: ['v=${V:-}']}}", NULL,
      "V=3.0.0" },
    REFUSED,
    "“b”" },
  { { "variable-of-variable-of-other-service", "parsec",
      "services: {parsec: {image: 'a:$V'}, b: {image: 'b:$W'}}", NULL, "V=3.0.0\nW=${V}" },
    REFUSED,
    "“b”" },
  { { "variable-of-other-service-in-override", "parsec", ONE ("a:$V"),
      "services: {b: {image: 'b:$V'}}", "V=3.0.0" },
    REFUSED,
    "“b”" },
  { { "variable-of-a-volume", "parsec", ONE ("a:$V") "volumes: {d: {name: 'd-$V'}}\n", NULL,
      "V=3.0.0" },
    REFUSED,
    "“volumes”" },
  { { "variable-of-the-name", "parsec", "name: p-$V\n" ONE ("a:$V"), NULL, "V=3.0.0" },
    REFUSED,
    "“name”" },
};

static void
test_refuses_and_says_why (gconstpointer data)
{
  const RefusalCase *item = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) edits = run_case (&item->edit, &error);

  g_assert_null (edits);
  g_assert_error (error, STEWARD_ERROR, item->code);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, item->words));
  g_assert_true (g_str_has_suffix (error->message, "."));
}

static void
test_shared_merge_may_be_replaced (void)
{
  const EditCase item = {
    .services = "parsec",
    .compose =
        "x-i: &i {image: 'a:3.0.0', user: x}\n"
        "services: {parsec: {<<: *i}, b: {<<: *i, image: b}, c: {extends: parsec, image: c}}",
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) edits = run_case (&item, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (edits->len, ==, 1);
}

static void
test_survives_alias_bombs (void)
{
  g_autoptr (GString) yaml = g_string_new ("x-0: &a0 {image: 'a:3.0.0'}\nx-l0: &l0 [x, '$V']\n");
  g_autoptr (GError) error = NULL;

  for (int i = 1; i < 60; i++)
    {
      g_string_append_printf (yaml, "x-%d: &a%d {<<: [*a%d, *a%d, *a%d]}\n", i, i, i - 1, i - 1,
                              i - 1);
      g_string_append_printf (yaml, "x-l%d: &l%d [*l%d, *l%d]\n", i, i, i - 1, i - 1);
    }
  g_string_append (yaml, "services: {parsec: {<<: *a59}, b: {image: b, labels: *l59}}\n");

  const EditCase item = { .services = "parsec", .compose = yaml->str, .env = "W=1" };
  g_autoptr (GPtrArray) edits = run_case (&item, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (edits->len, ==, 1);
}

static void
test_huge_file (void)
{
  g_autoptr (GString) yaml = g_string_new ("services:\n");
  g_autoptr (GError) error = NULL;

  for (int i = 0; i < 20000; i++)
    g_string_append_printf (yaml, "  s%d:  # numéro %d\n    image: b:${X:-3.0.0}\n", i, i);
  g_string_append (yaml, "  parsec:\n    image: a:3.0.0\n# fin\n");

  const EditCase item = { .services = "parsec", .compose = yaml->str };
  g_autoptr (GPtrArray) edits = run_case (&item, &error);
  g_assert_no_error (error);
  const StewardComposeEdit *edit = edits->pdata[0];
  const char *after = g_bytes_get_data (edit->after, NULL);
  gsize tail = strlen ("0.0\n# fin\n");
  g_assert_cmpuint (g_bytes_get_size (edit->after), ==, yaml->len);
  g_assert_cmpmem (after, yaml->len - tail, yaml->str, yaml->len - tail);
  g_assert_cmpmem (after + yaml->len - tail, tail, "1.0\n# fin\n", tail);
}

static void
add_cases (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (EDITS); i++)
    {
      g_autofree char *path =
          g_strconcat ("/compose-edit/changes-only-the-tag/", EDITS[i].name, NULL);
      g_test_add_data_func (path, &EDITS[i], test_changes_only_the_tag);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (REFUSALS); i++)
    {
      g_autofree char *path = g_strconcat ("/compose-edit/refuses/", REFUSALS[i].edit.name, NULL);
      g_test_add_data_func (path, &REFUSALS[i], test_refuses_and_says_why);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add_cases ();
  g_test_add_func ("/compose-edit/shared-merge-may-be-replaced", test_shared_merge_may_be_replaced);
  g_test_add_func ("/compose-edit/survives-alias-bombs", test_survives_alias_bombs);
  g_test_add_func ("/compose-edit/huge-file", test_huge_file);
  return g_test_run ();
}
