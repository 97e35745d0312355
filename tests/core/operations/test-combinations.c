/* A whole upgrade and rollback on each combination of layout and compose but those of the other
 * programs, which have compose 2.40. */
#include "operation-scene.h"

static const struct
{
  const char *layout;
  const char *compose;
} combinations[] = { { "newer", "2.26" }, { "classic", "2.26" } };

static void
test_there_and_back (gconstpointer data)
{
  const char *const *combination = data;
  DeploymentFixture fixture = { 0 };
  g_auto (OperationScene) scene = { .fixture = &fixture };
  StewardRequest rollback = { .kind = STEWARD_OPERATION_ROLLBACK,
                              .accepted_loss = "3.0.0",
                              .watch_s = 1 };
  g_autoptr (GError) error = NULL;

  deployment_fixture_up (&fixture, combination[0], combination[1]);
  operation_scene_upgrade (&scene, "3.6.0");
  operation_scene_assert_result (&scene, STEWARD_RESULT_DONE);
  deployment_fixture_assert_serves (&fixture, "3.6.0", 18);

  deployment_fixture_write_row (&fixture);
  deployment_fixture_open (&fixture, &error);
  g_assert_no_error (error);
  operation_scene_run (&scene, &rollback);
  operation_scene_assert_result (&scene, STEWARD_RESULT_DONE);
  deployment_fixture_assert_serves (&fixture, "3.0.0", 12);
  deployment_fixture_down (&fixture);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_set_nonfatal_assertions ();
  for (gsize i = 0; i < G_N_ELEMENTS (combinations); i++)
    {
      g_autofree char *name =
          g_strdup_printf ("/combinations/%s-%s", combinations[i].layout, combinations[i].compose);
      if (deployment_fixture_takes (i))
        g_test_add_data_func (name, &combinations[i], test_there_and_back);
    }
  return g_test_run ();
}
