"""Clicks through the main job on a real deployment, in the real program: backup, upgrade, restart,
rollback, each to its end, and says what it does and sees. Leaves a picture of each page.

   click-through.py PROGRAM LOCALE-FOLDER SERVER-URL PICTURES

PROGRAM is the installed application; LOCALE-FOLDER has its translations, of which the language of the
environment is used. The deployment of the tests at SERVER-URL has to be the first of the list, run
3.0.0, and have 3.1.0 in its registry. Run it by display.sh --bus."""

import gettext
import os
import sys
import urllib.request

import drive

OLD = "3.0.0"
NEW = "3.1.0"
OPERATION_S = 240
# How long a started server is watched.
WATCH_S = 5


class Walk:
    """One walk through the program."""

    def __init__(self, program, translation, url, pictures):
        self.program = program
        self.gettext = translation.gettext
        self.url = url
        self.pictures = pictures
        self.count = 0

    def say(self, sentence):
        print(f"  {sentence}", flush=True)

    def words(self, msgid):
        """A sentence as the program shows it."""
        return self.gettext(msgid).replace("_", "")

    def take_picture(self, name):
        self.count += 1
        drive.save_screenshot(os.path.join(self.pictures, f"{self.count:02}-{name}.png"))

    def press(self, msgid, patience_s=drive.PATIENCE_S):
        self.say(f"press “{self.words(msgid)}”")
        self.program.press(self.words(msgid), patience_s)

    def see(self, msgid, patience_s=drive.PATIENCE_S):
        self.program.wait_until_shows(self.words(msgid), patience_s)
        self.say(f"see “{self.words(msgid)}”")

    def choose_target(self):
        """The last offer but for “Other Version…” is the oldest one that is newer."""
        row = drive.wait_for(
            lambda: next((node for node in self.program.nodes()
                          if node.role in ("list item", "combo box")
                          and self.words("Upgrade To") in node.name), None),
            "the choice of the version")
        self.program.open_choice(row)
        drive.keys("End", "Up", "Return")
        self.program.wait(NEW, "label")
        self.say(f"choose {NEW}")

    def finish(self):
        """The report takes the place of the progress at the end."""
        self.program.wait(self.words("_Copy Report"), "push button", OPERATION_S)
        self.program.wait(self.words("Done"), "label")
        self.say(f"see “{self.words('Done')}”")

    def back_to_server(self):
        self.press("Back")
        self.program.wait(self.words("Version"), "label")

    def back_up(self):
        self.press("_Back Up")
        self.finish()
        self.take_picture("backup-done")
        self.back_to_server()

    def upgrade(self):
        self.choose_target()
        self.press("Show Pending Migrations")
        self.program.wait_until_shows("0014_", 60)
        self.take_picture("target-chosen")
        self.press("_Upgrade…")
        self.press("_Upgrade", 60)
        self.take_picture("upgrade-runs")
        self.finish()
        self.take_picture("upgrade-done")
        self.back_to_server()
        self.program.wait(NEW, "label")

    def write_as_client(self):
        request = urllib.request.Request(f"{self.url}/test/write", data=b"written since")
        with urllib.request.urlopen(request, timeout=20) as answer:
            answer.read()
        self.say("a client writes a row")

    def restart(self):
        self.press("R_estart…")
        self.take_picture("restart-review")
        self.press("_Restart", 60)
        self.finish()
        self.back_to_server()

    def roll_back(self):
        self.press("R_oll Back…")
        self.see("What Would Be Lost", 60)
        self.take_picture("rollback-review")
        self.press("_Roll Back", 60)
        self.program.write_into_dialog(OLD)
        self.say(f"type {OLD}")
        self.take_picture("rollback-question")
        self.press("_Roll Back")
        self.finish()
        self.take_picture("rollback-done")
        self.back_to_server()
        self.program.wait(OLD, "label")

    def walk(self):
        self.see("Update available", 60)
        self.take_picture("server")
        self.back_up()
        self.upgrade()
        self.write_as_client()
        self.restart()
        self.roll_back()
        self.take_picture("server-again")


def write_settings(environment):
    folder = os.path.join(environment["XDG_CONFIG_HOME"], "glib-2.0", "settings")
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "keyfile"), "w", encoding="utf-8") as file:
        file.write(f"[io/github/stewardapp/Steward]\nwatch-seconds=uint32 {WATCH_S}\n")


def main():
    path, locales, url, pictures = sys.argv[1:]
    environment = dict(os.environ, GSETTINGS_BACKEND="keyfile", GTK_A11Y="atspi")
    write_settings(environment)
    os.makedirs(pictures, exist_ok=True)
    manager = drive.start_window_manager()
    program = drive.Program([path], environment)
    try:
        Walk(program, gettext.translation("steward", locales, fallback=True), url, pictures).walk()
    except drive.NotSeen as error:
        drive.save_screenshot(os.path.join(pictures, "failed.png"))
        print(f"FAILED: {error}", file=sys.stderr)
        return 1
    finally:
        program.end()
        manager.terminate()
    print("  all four buttons were clicked to their ends")
    return 0


if __name__ == "__main__":
    sys.exit(main())
