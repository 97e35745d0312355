/* Every call passes name, folder, files and env files: nothing is left to where Steward runs. */
#include "core/compose/compose-project.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "core/base/json.h"
#include "core/engine/docker-error.h"

#define CONFIG_DEADLINE_MS 60000
#define UP_DEADLINE_MS (5 * 60 * 1000)

#define LABEL_PROJECT "com.docker.compose.project"
#define LABEL_DIRECTORY LABEL_PROJECT ".working_dir"
#define LABEL_FILES LABEL_PROJECT ".config_files"
#define LABEL_ENV_FILES LABEL_PROJECT ".environment_file"

void
steward_compose_project_free (StewardComposeProject *project)
{
  g_free (project->name);
  g_free (project->directory);
  g_strfreev (project->files);
  g_strfreev (project->env_files);
  g_free (project);
}

StewardComposeProject *
steward_compose_project_copy (const StewardComposeProject *project)
{
  StewardComposeProject *copy = g_new0 (StewardComposeProject, 1);

  copy->name = g_strdup (project->name);
  copy->directory = g_strdup (project->directory);
  copy->files = g_strdupv (project->files);
  copy->env_files = g_strdupv (project->env_files);
  return copy;
}

/* Splits a label at its commas, but not at one inside a path: each path is absolute. Compose of
 * version 1 wrote names relative to @directory. */
static char **
split_paths (const char *label, const char *directory)
{
  g_auto (GStrv) parts = g_strsplit (label != NULL ? label : "", ",", -1);
  g_autoptr (GPtrArray) paths = g_ptr_array_new ();

  for (gsize i = 0; parts[i] != NULL; i++)
    {
      if (g_path_is_absolute (parts[i]))
        g_ptr_array_add (paths, g_strdup (parts[i]));
      else if (paths->len == 0)
        g_ptr_array_add (paths, g_build_filename (directory, parts[i], NULL));
      else
        {
          g_autofree char *before = paths->pdata[paths->len - 1];
          paths->pdata[paths->len - 1] = g_strconcat (before, ",", parts[i], NULL);
        }
    }
  g_ptr_array_add (paths, NULL);
  return (char **)g_ptr_array_free (g_steal_pointer (&paths), FALSE);
}

static gboolean
set_invalid (GError **error, const char *format, const char *name)
{
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_INVALID, format, name);
#pragma GCC diagnostic pop
  return FALSE;
}

static gboolean
check_labels (const StewardContainer *container, GError **error)
{
  const char *directory = steward_container_get_label (container, LABEL_DIRECTORY);
  const char *files = steward_container_get_label (container, LABEL_FILES);

  if (steward_container_get_label (container, LABEL_PROJECT) == NULL || directory == NULL
      || !g_path_is_absolute (directory) || files == NULL || *files == '\0')
    return set_invalid (error, _ ("The container “%s” was not made by “docker compose”."),
                        container->name);
  if (g_str_equal (files, "-") || g_str_has_suffix (files, "/-"))
    return set_invalid (error,
                        _ ("The container “%s” was made from a compose file that was not kept."),
                        container->name);
  return TRUE;
}

StewardComposeProject *
steward_compose_project_new_from_container (const StewardContainer *container, GError **error)
{
  if (!check_labels (container, error))
    return NULL;

  StewardComposeProject *project = g_new0 (StewardComposeProject, 1);
  project->name = g_strdup (steward_container_get_label (container, LABEL_PROJECT));
  project->directory = g_strdup (steward_container_get_label (container, LABEL_DIRECTORY));
  project->files =
      split_paths (steward_container_get_label (container, LABEL_FILES), project->directory);
  project->env_files =
      split_paths (steward_container_get_label (container, LABEL_ENV_FILES), project->directory);
  return project;
}

/* What follows `docker`. */
static char **
dup_arguments (const StewardComposeProject *project, const char *const *arguments)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  g_strv_builder_add (builder, "compose");
  if (project->name != NULL)
    g_strv_builder_add_many (builder, "--project-name", project->name, NULL);
  g_strv_builder_add_many (builder, "--project-directory", project->directory, NULL);
  for (gsize i = 0; project->files[i] != NULL; i++)
    g_strv_builder_add_many (builder, "-f", project->files[i], NULL);
  for (gsize i = 0; project->env_files[i] != NULL; i++)
    g_strv_builder_add_many (builder, "--env-file", project->env_files[i], NULL);
  g_strv_builder_addv (builder, (const char **)arguments);
  return g_strv_builder_end (builder);
}

char **
steward_compose_project_dup_argv (const StewardComposeProject *project,
                                  StewardEngine *engine,
                                  const char *const *arguments)
{
  g_auto (GStrv) docker = dup_arguments (project, arguments);

  return steward_engine_dup_argv (engine, (const char *const *)docker);
}

/* @code: what it is where compose's own line may not be shown */
static void
set_compose_error (const StewardComposeProject *project,
                   StewardEngine *engine,
                   const StewardOutcome *outcome,
                   StewardError code,
                   GError **error)
{
  const char *config[] = { "config", "--quiet", NULL };
  g_autofree char *line = steward_docker_error_dup_line (outcome->errors->str);

  if (steward_docker_error_is_public (line))
    {
      StewardError known = steward_docker_error_classify (line);
      g_autofree char *said = steward_docker_error_dup_said (line);
      g_set_error (error, STEWARD_ERROR, known != STEWARD_ERROR_FAILED ? known : code,
                   _ ("“docker compose” says: %s"), said);
      return;
    }
  g_auto (GStrv) argv = steward_compose_project_dup_argv (project, engine, config);
  g_autofree char *text = steward_format_command ((const char *const *)argv);
  g_set_error (error, STEWARD_ERROR, code,
               _ ("“docker compose” does not accept the files of this deployment. "
                  "To see why, run on the host: %s"),
               text);
}

/* @input: (nullable): for `-f -` */
static char *
run_config (const StewardComposeProject *project,
            StewardEngine *engine,
            const char *const *arguments,
            GInputStream *input,
            GCancellable *cancellable,
            GError **error)
{
  g_auto (GStrv) argv = dup_arguments (project, arguments);
  StewardCommand command = { .argv = (const char *const *)argv,
                             .input = input,
                             .deadline_ms = CONFIG_DEADLINE_MS };
  g_auto (StewardOutcome) outcome = { 0 };

  if (!steward_engine_run (engine, &command, &outcome, cancellable, error))
    return NULL;
  if (outcome.status != 0)
    {
      set_compose_error (project, engine, &outcome, STEWARD_ERROR_INVALID, error);
      return NULL;
    }
  return g_string_free (g_steal_pointer (&outcome.output), FALSE);
}

char *
steward_compose_project_resolve (const StewardComposeProject *project,
                                 StewardEngine *engine,
                                 GCancellable *cancellable,
                                 GError **error)
{
  const char *arguments[] = { "config", "--format", "json", NULL };

  return run_config (project, engine, arguments, NULL, cancellable, error);
}

static char *
dup_name_of_model (const char *model)
{
  g_autoptr (JsonObject) root = steward_json_parse_object (model, strlen (model), NULL);

  return g_strdup (steward_json_get_string (root, "name"));
}

StewardComposeProject *
steward_compose_project_new_from_file (StewardEngine *engine,
                                       const char *path,
                                       GCancellable *cancellable,
                                       GError **error)
{
  g_autoptr (StewardFile) file =
      steward_host_stat (steward_engine_get_host (engine), path, cancellable, error);
  if (file == NULL)
    return NULL;

  g_autoptr (StewardComposeProject) project = g_new0 (StewardComposeProject, 1);
  project->directory = g_path_get_dirname (path);
  project->files = g_new0 (char *, 2);
  project->files[0] = g_strdup (path);
  project->env_files = g_new0 (char *, 1);
  g_autofree char *model = steward_compose_project_resolve (project, engine, cancellable, error);
  if (model == NULL)
    return NULL;
  project->name = dup_name_of_model (model);
  if (project->name == NULL)
    {
      set_invalid (error, _ ("“docker compose” gives the project of “%s” no name."), path);
      return NULL;
    }
  return g_steal_pointer (&project);
}

/* The resolved model goes back to compose as the only file. */
static char *
ask_hash (const StewardComposeProject *project,
          StewardEngine *engine,
          const char *model,
          const char *service,
          GCancellable *cancellable,
          GError **error)
{
  const char *arguments[] = { "config", "--hash", service, NULL };
  char *files[] = { (char *)"-", NULL };
  char *env_files[] = { (char *)"/dev/null", NULL };
  const StewardComposeProject resolved = { project->name, project->directory, files, env_files };
  g_autoptr (GInputStream) input = g_memory_input_stream_new_from_data (model, -1, NULL);
  g_autofree char *output = run_config (&resolved, engine, arguments, input, cancellable, error);
  if (output == NULL)
    return NULL;

  /* "SERVICE HASH" */
  g_strchomp (output);
  const char *space = strrchr (output, ' ');
  if (space != NULL && g_str_has_prefix (output, service))
    return g_strdup (space + 1);
  g_set_error (error, STEWARD_ERROR, STEWARD_ERROR_NOT_FOUND,
               _ ("The compose project has no service “%s”."), service);
  return NULL;
}

char *
steward_compose_project_hash (const StewardComposeProject *project,
                              StewardEngine *engine,
                              const char *service,
                              GCancellable *cancellable,
                              GError **error)
{
  g_autofree char *model = steward_compose_project_resolve (project, engine, cancellable, error);

  if (model == NULL)
    return NULL;
  return ask_hash (project, engine, model, service, cancellable, error);
}

/* The resolved model with no service depending on another. */
static char *
dup_independent (const char *model)
{
  g_autoptr (JsonNode) root = steward_json_parse (model, strlen (model), JSON_NODE_OBJECT, NULL);
  JsonObject *members =
      root != NULL ? steward_json_get_object (json_node_get_object (root), "services") : NULL;
  if (members == NULL)
    return NULL;

  g_autoptr (GList) services = json_object_get_values (members);
  for (GList *l = services; l != NULL; l = l->next)
    if (JSON_NODE_HOLDS_OBJECT (l->data))
      json_object_remove_member (json_node_get_object (l->data), "depends_on");
  return json_to_string (root, FALSE);
}

gboolean
steward_compose_project_is_current (const StewardComposeProject *project,
                                    StewardEngine *engine,
                                    const char *model,
                                    const char *service,
                                    const char *hash,
                                    gboolean *is_current,
                                    GCancellable *cancellable,
                                    GError **error)
{
  g_autofree char *now = ask_hash (project, engine, model, service, cancellable, error);
  if (now == NULL)
    return FALSE;
  *is_current = g_str_equal (now, hash);
  if (*is_current)
    return TRUE;

  g_autofree char *independent = dup_independent (model);
  if (independent == NULL)
    return set_invalid (error, _ ("“docker compose” gave no services for the project “%s”."),
                        project->name);
  g_autofree char *without = ask_hash (project, engine, independent, service, cancellable, error);
  if (without == NULL)
    return FALSE;
  *is_current = g_str_equal (without, hash);
  return TRUE;
}

static void
up_line_cb (const char *line, gpointer data)
{
  const StewardComposeUp *up = data;
  gboolean is_progress = g_str_has_prefix (line, " Container ")
                         || g_str_has_prefix (line, " Network ")
                         || g_str_has_prefix (line, " Volume ");

  if (is_progress || steward_docker_error_is_public (line))
    up->line (line, up->line_data);
}

gboolean
steward_compose_project_up (const StewardComposeProject *project,
                            StewardEngine *engine,
                            const StewardComposeUp *up,
                            GCancellable *cancellable,
                            GError **error)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (StewardOutcome) outcome = { 0 };

  g_strv_builder_add_many (builder, "up", "-d", "--no-deps", "--no-build", "--pull", "never", NULL);
  if (up->flags & STEWARD_COMPOSE_UP_FORCE_RECREATE)
    g_strv_builder_add (builder, "--force-recreate");
  g_strv_builder_add (builder, "--");
  g_strv_builder_addv (builder, (const char **)up->services);
  g_auto (GStrv) arguments = g_strv_builder_end (builder);
  g_auto (GStrv) argv = dup_arguments (project, (const char *const *)arguments);
  StewardCommand command = { .argv = (const char *const *)argv,
                             .line = up->line != NULL ? up_line_cb : NULL,
                             .line_data = (gpointer)up,
                             .fence = up->fence,
                             .deadline_ms = UP_DEADLINE_MS };

  if (!steward_engine_run (engine, &command, &outcome, cancellable, error))
    return FALSE;
  if (outcome.status != 0)
    set_compose_error (project, engine, &outcome, STEWARD_ERROR_FAILED, error);
  return outcome.status == 0;
}

static gboolean
needs_quotes (const char *word)
{
  const char *plain = G_CSET_A_2_Z G_CSET_a_2_z "0123456789"
                                                "_-./:=@%+,";

  return *word == '\0' || word[strspn (word, plain)] != '\0';
}

char *
steward_format_command (const char *const *argv)
{
  GString *text = g_string_new (NULL);

  for (gsize i = 0; argv[i] != NULL; i++)
    {
      g_autofree char *quoted = g_shell_quote (argv[i]);
      if (i > 0)
        g_string_append_c (text, ' ');
      g_string_append (text, needs_quotes (argv[i]) ? quoted : argv[i]);
    }
  return g_string_free (text, FALSE);
}
