/* Puts what every command says in front of what one command says. */
#include "cli/reply.h"

#include "cli/json.h"

StewardCliReply *
steward_cli_reply_new (void)
{
  StewardCliReply *reply = g_new0 (StewardCliReply, 1);

  reply->text = g_string_new (NULL);
  reply->json = json_object_new ();
  return reply;
}

void
steward_cli_reply_free (StewardCliReply *reply)
{
  g_string_free (reply->text, TRUE);
  json_object_unref (reply->json);
  g_clear_error (&reply->error);
  g_free (reply->advice);
  g_free (reply);
}

static JsonObject *
error_to_json (const GError *error)
{
  JsonObject *object = json_object_new ();

  steward_cli_json_set_text (object, "code", steward_cli_error_get_code (error));
  steward_cli_json_set_text (object, "message", steward_cli_error_get_message (error));
  return object;
}

char *
steward_cli_reply_dup_json (const StewardCliReply *reply, const char *command)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (GList) names = json_object_get_members (reply->json);

  json_object_set_boolean_member (object, "ok", reply->exit == STEWARD_CLI_EXIT_DONE);
  steward_cli_json_set_text (object, "command", command);
  json_object_set_int_member (object, "exit_status", reply->exit);
  if (reply->error != NULL)
    json_object_set_object_member (object, "error", error_to_json (reply->error));
  for (GList *name = names; name != NULL; name = name->next)
    json_object_set_member (object, name->data, json_object_dup_member (reply->json, name->data));
  return steward_cli_json_print (object);
}
