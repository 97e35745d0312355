/* What tests of the window share: a started toolkit, waiting, finding and activating widgets, and
 * models made by hand in every state that a server can be in. In process, without an engine: one
 * that is asked for does not answer. Main thread. */
#pragma once

#include "app/application.h"
#include "app/window.h"

G_BEGIN_DECLS

/** A `DOCKER_HOST` where nobody is. */
#define STAGE_NO_ENGINE "unix:///nonexistent/docker.sock"

/** stage_init: in place of g_test_init(): also starts GTK and libadwaita, without animations. */
void stage_init (int *argc, char ***argv);

/** stage_watch: the program fails at its end if @object still lives then. What the stage makes and
 * shows is watched already.
 * @object: (transfer none) */
void stage_watch (gpointer object);
/** stage_watch_widgets: all of Steward's own among @root and what it holds now */
void stage_watch_widgets (gpointer root);
/** stage_watch_init: for stage_init() alone */
void stage_watch_init (void);

/** stage_application_new: Returns: (transfer full): started, with an empty list of servers and
 * untouched settings. To be closed by stage_application_free(), which closes its windows. */
StewardApplication *stage_application_new (void);
void stage_application_free (StewardApplication *application);

/** stage_release: drops the last reference, and waits until what goes on with @object has ended.
 * @object: (transfer full) */
void stage_release (gpointer object);

/** stage_window_new: Returns: (transfer none): a window on the screen */
StewardWindow *stage_window_new (StewardApplication *application);

/** stage_show: a window on the screen around @widget. Returns: (transfer none); to be ended with
 * gtk_window_destroy() */
GtkWindow *stage_show (GtkWidget *widget);

typedef gboolean (*StagePredicate) (gpointer data);

/** stage_wait: goes on with the main loop until @predicate holds; the test fails after 10 s. */
#define stage_wait(predicate, data) stage_wait_named (predicate, data, G_STRLOC ": " #predicate)
void stage_wait_named (StagePredicate predicate, gpointer data, const char *name);

/** stage_wait_painted: until @window was laid out and drawn once more */
void stage_wait_painted (GtkWindow *window);

/** stage_find: Returns: (transfer none) (nullable): the first widget of @type below @root (or
 * itself) that is on the screen and is called @name: by its name or buildable id, its label or
 * title without mnemonics, its tooltip or its text. @name: (nullable): any. */
gpointer stage_find (gpointer root, GType type, const char *name);

/** stage_get: as stage_find(); the test fails where there is none. */
#define stage_get(root, type, name) stage_get_named (root, type, name, G_STRLOC)
gpointer stage_get_named (gpointer root, GType type, const char *name, const char *where);

/** stage_shows: whether @text is part of what any widget on the screen below @root reads. */
gboolean stage_shows (gpointer root, const char *text);

/** stage_wait_shows: waits until stage_shows(). */
void stage_wait_shows (gpointer root, const char *text);

/** stage_click: activates the button, row, switch… of this name, which must be sensitive. */
#define stage_click(root, name) stage_click_named (root, name, G_STRLOC)
void stage_click_named (gpointer root, const char *name, const char *where);

/** stage_get_dialog: Returns: (transfer none): the newest top-level window on the screen that is
 * not @window; waits for it. */
GtkWindow *stage_get_dialog (gpointer window);

/** stage_wait_closed: waits until @window alone is on the screen. */
void stage_wait_closed (gpointer window);

/** stage_activate: as a menu or a key does. @target: (nullable): its text */
void stage_activate (gpointer window, const char *action, const char *target);

/** stage_can: whether @window offers the action now. @target: (nullable): its text */
gboolean stage_can (gpointer window, const char *action, const char *target);

/** stage_dup_unnamed: Returns: (transfer full): a line for each widget below @root that is on the
 * screen, takes the focus, and has no name for a screen reader; empty where all have one. */
char *stage_dup_unnamed (gpointer root);

/** stage_measure_width: the least width that @widget can do with, in pixels */
int stage_measure_width (gpointer widget);

/** stage_save_picture: draws what @window shows into a PNG file, with @dialog (nullable) over
 * it. */
void stage_save_picture (GtkWindow *window, GtkWindow *dialog, const char *path);

/** StageDocker: what a `docker` command of the host shall be like.
 * @STAGE_DOCKER_AWAY: the machine's own, whose engine does not run; so it is at first */
typedef enum
{
  STAGE_DOCKER_AWAY,
  STAGE_DOCKER_ABSENT, /* there is no such command */
  STAGE_DOCKER_DENIED, /* the user may not talk to the engine */
  STAGE_DOCKER_EMPTY,  /* an engine without containers */
  STAGE_DOCKER_SLOW,   /* it answers after a minute */
  STAGE_DOCKER_SILENT, /* the machine's own, with an engine that accepts and says nothing */
} StageDocker;

/** stage_set_docker: for what is asked from now on. */
void stage_set_docker (StageDocker docker);

/** StageState: how a server shall look. The tag that runs is %STAGE_TAG. */
typedef enum
{
  STAGE_UNKNOWN,     /* nothing was found out yet */
  STAGE_CURRENT,     /* it answers; no newer version */
  STAGE_UPDATE,      /* as before; versions 3.6.0, 3.6.0-rc.1 and 3.5.1 are there */
  STAGE_SILENT,      /* its container is restarting and does not answer */
  STAGE_INTERRUPTED, /* an upgrade to 3.6.0 stands unfinished, no live database */
  STAGE_BUSY,        /* somebody else upgrades it from another machine */
  STAGE_UNREACHABLE, /* the engine does not answer */
} StageState;

#define STAGE_TAG "3.5.0"
#define STAGE_TARGET "3.6.0"
/** What the builders below know by name. */
#define STAGE_BACKUP_ID "20261123t220300_ab12"
#define STAGE_ASIDE_NAME "steward_20261101t090000_cd34_aside"

/** stage_server_new: Returns: (transfer full): a server of a project in /srv/@name, in @state */
StewardServer *stage_server_new (const char *name, StageState state);

/** stage_server_set_state: as if it had been looked at, and its registry asked. */
void stage_server_set_state (StewardServer *server, StageState state);

/** stage_facts_new: Returns: (transfer full): what a look would have found: three backups (one
 * complete, one damaged, one partial), a set-aside database, a history of four operations. Not for
 * %STAGE_UNKNOWN. */
StewardFacts *stage_facts_new (const char *name, StageState state);

/** stage_facts_leave_over: a container that a rehearsal left, and half a dump */
void stage_facts_leave_over (StewardFacts *facts);
#define STAGE_LEFT_OVER "steward-20260101t000000_0001-rehearsal"

/** Parts of it. Returns: (transfer full). @age_s: before now */
StewardBackup *stage_backup_new (const char *id, StewardBackupState state, gint64 age_s);
StewardJournal *stage_journal_new (StewardOperationKind kind, StewardJournalState state);

/** StageRun: an operation that a test tells event by event, in the order of the calls, with the
 * titles and weights of the core's own steps. Events reach the window by the way that real ones
 * take; wait for what they show. */
typedef struct _StageRun StageRun;

/** stage_run_new: begins; @server has it as its run.
 * Returns: (transfer full): end it with stage_run_end(), then stage_run_free() */
StageRun *stage_run_new (StewardServer *server, StewardOperationKind kind);
void stage_run_free (StageRun *run);

/** stage_run_begin: ends the step that runs, if any, as done, and begins the one called @id. */
void stage_run_begin (StageRun *run, const char *id);
/** stage_run_until: does every step up to @id, which then runs. */
void stage_run_until (StageRun *run, const char *id);
void stage_run_skip (StageRun *run, const char *id);
void stage_run_fail (StageRun *run, const char *why);
/** stage_run_undo: walks the step @id back, from beginning to end. */
void stage_run_undo (StageRun *run, const char *id);
void stage_run_begin_undo (StageRun *run, const char *id);
void stage_run_fraction (StageRun *run, double fraction);
void stage_run_output (StageRun *run, const char *line);
void stage_run_command (StageRun *run, const char *command);
void stage_run_note (StageRun *run, const char *sentence);
void stage_run_server_stops (StageRun *run);
void stage_run_server_answers (StageRun *run);
/** stage_run_ask: asks; what is told afterwards happens once it is answered. */
void stage_run_ask (StageRun *run, const char *text, const char *version);
/** stage_run_end: @message: (nullable): the error's; a step that runs is done if @result is done */
void stage_run_end (StageRun *run, StewardResult result, const char *message);
/** stage_run_end_with: as stage_run_end(), with an error of another domain and code */
void stage_run_end_with (StageRun *run, StewardResult result, const GError *error);

/** stage_run_was_agreed: whether the latest question was answered with its version. */
gboolean stage_run_was_agreed (StageRun *run);
gboolean stage_run_is_cancelled (StageRun *run);

/** stage_run_settle: waits until all that was told so far has been shown, or a question waits. */
void stage_run_settle (StageRun *run);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (StageRun, stage_run_free)

G_END_DECLS
