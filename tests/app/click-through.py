"""Uses the real program on a real deployment as an administrator would, says what it does and sees,
and leaves a picture of each page.

   click-through.py [--host HOST] PROGRAM LOCALE-FOLDER DEPLOYMENT PICTURES SCENARIO...

PROGRAM is the application; LOCALE-FOLDER has its translations, of which the language of the environment
is used. DEPLOYMENT is the name of one that ../demo/deployment.sh put up, and that runs 3.0.0; the
program sees no other, and with --host it sees it on that host over SSH alone. A scenario is a function
below whose name begins with "scenario_"; each begins and ends with 3.0.0. What is printed is TAP. Run it
by display.sh --bus --size 1000x700, which the window fills."""

import gettext
import os
import subprocess
import sys
import traceback
import urllib.request

import drive

OLD = "3.0.0"
NEW = "3.1.0"
# See tests/demo/versions.tsv.
FAILS = "3.8.0"
HANGS = "3.8.1"
OPERATION_S = 400
# A lock lapses when its holder was silent for 30 s.
LAPSE_S = 60
# How long a started server is watched.
WATCH_S = 5


class Walk:
    """What the scenarios are made of."""

    def __init__(self, start, translation, facts, host, pictures):
        self.start = start
        self.program = start()
        self.gettext = translation.gettext
        self.pgettext = translation.pgettext
        self.name = facts["NAME"]
        self.url = facts["SERVER_URL"]
        self.compose_file = facts["COMPOSE_FILE"]
        self.image = facts["SERVER_REPOSITORY"]
        self.host = host
        self.pictures = pictures
        self.count = 0

    def say(self, sentence):
        print(f"#   {sentence}", flush=True)

    def words(self, msgid):
        """A sentence as the program shows it."""
        return self.gettext(msgid).replace("_", "")

    def take_picture(self, name):
        self.count += 1
        drive.save_screenshot(os.path.join(self.pictures, f"{self.count:02}-{name}.png"))

    def press(self, msgid, patience_s=drive.PATIENCE_S):
        self.program.press(self.words(msgid), patience_s)
        self.say(f"press “{self.words(msgid)}”")

    def see(self, words, role=None, patience_s=drive.PATIENCE_S):
        if role is None:
            self.program.wait_until_shows(words, patience_s)
        else:
            self.program.wait(words, role, patience_s)
        self.say(f"see “{words}”")

    def see_server(self, version):
        self.see(self.words("Update available"), "label", OPERATION_S)
        self.see(version, "label")

    def see_host(self):
        """Where the server is reached over SSH."""
        if self.host is not None:
            self.see(self.pgettext("host state", "Connected"), "label")
            self.see(f"ssh://{self.host}{self.compose_file}")

    def find_target_row(self):
        name = self.words("Upgrade _To")
        return drive.wait_for(
            lambda: next((node for node in self.program.nodes("combo box")
                          if node.is_named(name)), None),
            "the choice of the version")

    def choose_target(self):
        """The last offer but for “Other Version…” is the oldest one that is newer."""
        self.program.open_choice(self.find_target_row())
        drive.keys("End", "Up", "Return")
        self.see(NEW, "label")

    def type_target(self, version):
        self.program.open_choice(self.find_target_row())
        drive.keys("End", "Return")
        name = self.words("Tag of the Version")
        drive.wait_for(
            lambda: next((node for node in self.program.nodes()
                          if node.role in ("text", "entry") and node.is_named(name)), None),
            "the entry for the version").write(version)
        self.say(f"type {version}")

    def finish(self, heading):
        """The report takes the place of the progress at the end."""
        self.program.wait(self.words("_Copy Report"), "push button", OPERATION_S)
        self.see(self.pgettext("result", heading), "label")

    def back_to(self, version):
        self.press("Back")
        self.see_server(version)

    def write_as_client(self):
        request = urllib.request.Request(f"{self.url}/test/write", data=b"written since")
        with urllib.request.urlopen(request, timeout=20) as answer:
            answer.read()
        self.say("a client writes a row")

    def check_runs(self, version):
        """What the page says is one thing; the server itself is another."""
        with open(self.compose_file, encoding="utf-8") as file:
            if f"{self.image}:{version}" not in file.read().split():
                raise drive.NotSeen(f"the compose file does not ask for {version}")
        with urllib.request.urlopen(self.url, timeout=20) as answer:
            if not answer.headers["Server"].startswith("parsec/"):
                raise drive.NotSeen("the server does not answer as Parsec does")
        self.say(f"the compose file asks for {version}, and the server answers")

    def back_up(self):
        self.press("_Back Up")
        self.finish("Done")
        self.take_picture("backup-done")
        self.back_to(OLD)

    def upgrade(self):
        self.choose_target()
        self.press("Show Pending Migrations")
        self.see("0014_", patience_s=60)
        self.take_picture("target-chosen")
        self.press("_Upgrade…")
        self.see(self.words("What Will Happen"), "label", 60)
        self.take_picture("upgrade-review")
        self.press("_Upgrade", 60)
        self.see(self.begin_of(self.words("Step %u of %u: %s")), patience_s=60)
        self.take_picture("upgrade-runs")
        self.finish("Done")
        self.check_runs(NEW)
        self.take_picture("upgrade-done")
        self.back_to(NEW)

    def restart(self):
        self.press("R_estart…")
        self.press("_Restart", 60)
        self.finish("Done")
        self.back_to(NEW)

    def roll_back(self):
        self.press("R_oll Back…")
        self.see(self.words("What Would Be Lost"), "label", 60)
        self.take_picture("rollback-review")
        self.press("_Roll Back", 60)
        self.program.write_into_dialog(OLD)
        self.say(f"type {OLD}")
        self.program.wait_for_button(self.words("_Roll Back"))
        self.take_picture("rollback-question")
        self.press("_Roll Back")
        self.finish("Done")
        self.check_runs(OLD)
        self.take_picture("rollback-done")
        self.back_to(OLD)

    def begin_upgrade_to(self, version):
        self.type_target(version)
        self.press("_Upgrade…")
        self.press("_Upgrade", 60)

    def begin_unrehearsed_upgrade_to(self, version):
        """What goes wrong then goes wrong while the server is stopped."""
        self.type_target(version)
        self.press("_Upgrade…")
        name = self.words("Rehearse first")
        switch = drive.wait_for(
            lambda: next((node for node in self.program.nodes()
                          if node.is_named(name) and node.role in SWITCHES), None),
            f"the switch “{name}”", 60)
        self.program.click(switch)
        self.say(f"click “{name}”")
        self.see(self.words("The upgrade is not rehearsed first: whether the backup can be restored"
                            " and the migrations work on this data is not known."), patience_s=60)
        self.press("_Upgrade", 60)

    def focus(self, name):
        """By Tab, as often as it takes."""
        for _ in range(60):
            if any(node.is_named(name) and node.is_focused for node in self.program.nodes()):
                return
            drive.keys("Tab")
        raise drive.NotSeen(f"Tab does not lead to “{name}”")

    def scenario_all_four_buttons(self):
        """Backup, upgrade, restart, rollback, each to its end."""
        self.see_server(OLD)
        self.program.ask_for_a_window_that_went()
        self.take_picture("server")
        self.back_up()
        self.upgrade()
        self.write_as_client()
        self.restart()
        self.roll_back()

    def scenario_there_and_back(self):
        """An upgrade and a rollback."""
        self.see_server(OLD)
        self.see_host()
        self.take_picture("server")
        self.upgrade()
        self.write_as_client()
        self.roll_back()
        self.take_picture("server-again")

    def scenario_keyboard_alone(self):
        """An upgrade and a rollback without a mouse, and without the bus acting."""
        self.see_server(OLD)
        self.focus(self.words("Upgrade _To"))
        self.program.open_choice_by_keys()
        drive.keys("End", "Up", "Return")
        self.see(NEW, "label")
        self.focus(self.words("_Upgrade…"))
        drive.keys("space")
        self.see(self.words("What Will Happen"), "label", 60)
        self.focus(self.words("_Upgrade"))
        drive.keys("space")
        self.finish("Done")
        drive.keys("alt+Left")
        self.see_server(NEW)
        self.focus(self.words("R_oll Back…"))
        drive.keys("space")
        self.see(self.words("What Would Be Lost"), "label", 60)
        self.focus(self.words("_Roll Back"))
        drive.keys("space")
        self.program.wait_for_dialog()
        drive.type_text(OLD)
        drive.keys("Return")
        self.finish("Done")
        self.check_runs(OLD)
        drive.keys("alt+Left")
        self.see_server(OLD)

    def scenario_failing_upgrade(self):
        """A migration fails on the copy: the server is where it was, and the page says so."""
        self.see_server(OLD)
        self.begin_upgrade_to(FAILS)
        self.finish("Failed")
        self.see(self.words("The server is where it was before."))
        self.check_runs(OLD)
        self.take_picture("upgrade-failed")
        self.back_to(OLD)

    def scenario_cancelled_upgrade(self):
        """Cancelled while the migration in the rehearsal never ends."""
        self.see_server(OLD)
        self.begin_upgrade_to(HANGS)
        self.wait_for_step(5)
        self.press("_Cancel", 60)
        self.finish("Cancelled")
        self.check_runs(OLD)
        self.back_to(OLD)

    def wait_for_step(self, number):
        """“Step 10 of 15: Migrate the copy”"""
        title = self.words("Step %u of %u: %s").replace("%u", str(number), 1)
        self.see(self.begin_of(title), patience_s=OPERATION_S)

    @staticmethod
    def begin_of(sentence):
        """What stands before the first thing that is put in."""
        return sentence.split("%")[0]

    def scenario_killed_and_walked_back(self):
        """The program dies in the midst; started again it offers to walk back."""
        self.see_server(OLD)
        self.begin_unrehearsed_upgrade_to(HANGS)
        self.wait_for_step(10)
        self.program.kill()
        self.say("the program is killed")
        self.program = self.start()
        drive.wait_for(self.look_for_walk_back, "the offer to walk back", LAPSE_S)
        self.take_picture("interrupted")
        self.press("_Walk Back")
        self.finish("Walked Back")
        self.see(self.pgettext("step", "Done before"))
        self.see(self.pgettext("step", "Not begun"))
        self.check_runs(OLD)
        self.take_picture("walked-back")
        self.back_to(OLD)

    def look_for_walk_back(self):
        """Before the lock lapses somebody else seems to be at work."""
        found = self.program.find(self.words("_Walk Back"), "push button")
        if found is None or not found.is_sensitive:
            self.program.press(self.words("Refresh"))
            return None
        return found


# What a switch is on the bus is not the same in every GTK.
SWITCHES = ("check box", "toggle button", "switch")

SETTINGS = f"""[io/github/stewardapp/Steward]
watch-seconds=uint32 {WATCH_S}
window-size=(1000, 700)
"""

# As on a GNOME desktop, which nobody tells a program about here.
LOOK = """[Settings]
gtk-font-name=Cantarell 11
gtk-decoration-layout=:close
"""

def run_demo_script(name, *arguments):
    """Returns what it prints."""
    script = os.path.join(os.path.dirname(__file__), "..", "demo", name)
    return subprocess.run([script, *arguments], check=True, text=True,
                          stdout=subprocess.PIPE).stdout


def read_facts(name):
    lines = run_demo_script("deployment.sh", "facts", "--name", name).splitlines()
    return dict(line.split("=", 1) for line in lines)


def write_setting_file(text, *path):
    path = os.path.join(os.environ["XDG_CONFIG_HOME"], *path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def make_settings(facts, host):
    """What runs on the host is found on this machine, too."""
    if host is None:
        return SETTINGS
    return f"{SETTINGS}hosts=['{host}']\nhidden=['{facts['COMPOSE_FILE']}']\n"


def make_environment(facts, locales, host):
    write_setting_file(make_settings(facts, host), "glib-2.0", "settings", "keyfile")
    write_setting_file(LOOK, "gtk-4.0", "settings.ini")
    tools = os.path.join(os.environ["XDG_RUNTIME_DIR"], "tools")
    run_demo_script("docker-of.sh", facts["PROJECT"], tools)
    return dict(os.environ, GSETTINGS_BACKEND="keyfile", GTK_A11Y="atspi",
                STEWARD_LOCALE_DIR=locales, DOCKER_CONFIG=facts["DOCKER_CONFIG"],
                PATH=f"{tools}:{os.environ['PATH']}")


def find_translation(locales):
    """A missing one must not let French pass in English."""
    return gettext.translation("steward", locales,
                               fallback=os.environ["LC_ALL"].startswith(("C", "en")))


def find_scenario(walk, scenario):
    return getattr(walk, f"scenario_{scenario.replace('-', '_')}")


def run(name, function, pictures, number):
    """Returns whether the function came to its end; says so as TAP."""
    print(f"# {name}: {function.__doc__}", flush=True)
    try:
        function()
    except Exception:  # whatever it is, the scenario failed
        drive.save_screenshot(os.path.join(pictures, f"failed-{os.path.basename(name)}.png"))
        for line in traceback.format_exc().splitlines():
            print(f"# {line}")
        print(f"not ok {number} {name}", flush=True)
        return False
    print(f"ok {number} {name}", flush=True)
    return True


def main():
    arguments = sys.argv[1:]
    host = arguments[1] if arguments[0] == "--host" else None
    path, locales, name, pictures, *scenarios = arguments[2:] if host else arguments
    facts = read_facts(name)
    environment = make_environment(facts, locales, host)
    os.makedirs(pictures, exist_ok=True)
    manager = drive.start_window_manager()
    walk = Walk(lambda: drive.Program([path], environment), find_translation(locales), facts,
                host, pictures)
    print(f"1..{len(scenarios)}", flush=True)
    # One that failed leaves the server who knows where: the next one would say nothing.
    is_good = all(run(f"/clicks/{scenario}", find_scenario(walk, scenario), pictures, i + 1)
                  for i, scenario in enumerate(scenarios))
    walk.program.end()
    manager.terminate()
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
