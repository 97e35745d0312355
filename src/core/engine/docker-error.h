/* What docker and docker compose mean by what they print on standard error. Private to those who
 * run docker commands. Pure. Words collected from docker 20.10 and 28, compose 2.26 and 2.40. */
#pragma once

#include "core/host/host.h"

G_BEGIN_DECLS

/** steward_docker_error_dup_line: the one line of @errors that says why: the engine's answer, else
 * the last line. Returns: (transfer full): may be empty */
char *steward_docker_error_dup_line (const char *errors);

/** steward_docker_error_classify: what a caller can do about @line; %STEWARD_ERROR_FAILED where
 * nothing is known. %STEWARD_ERROR_LOCKED stands for a container's name that is taken. */
StewardError steward_docker_error_classify (const char *line);

/** steward_docker_error_dup_said: Returns: (transfer full): @line, for a sentence that quotes it,
 * and behind it what to do where that is not for it to say: an engine that crashed may hold a
 * published port for nobody until it is restarted (moby issue 20486) */
char *steward_docker_error_dup_said (const char *line);

/** steward_docker_error_dup_quotable: @line, of a container, without the name and the password that
 * an address in it may hold. Returns: (transfer full) */
char *steward_docker_error_dup_quotable (const char *line);

/** steward_docker_error_is_public: whether @line, of docker compose, is one that by its kind never
 * shows a value of an env file or a compose file: the engine's answers, what is missing, where YAML
 * is broken. */
gboolean steward_docker_error_is_public (const char *line);

/** steward_docker_error_is_away: whether @outcome says that the engine could not be asked; then
 * sets @error. */
gboolean steward_docker_error_is_away (const StewardOutcome *outcome, GError **error);

/** steward_docker_error_set: sets @error from a failed command: the sentence quotes the line. */
void steward_docker_error_set (const StewardOutcome *outcome, GError **error);

G_END_DECLS
