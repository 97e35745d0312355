"""Uses the installed Flatpak as an administrator would, in its sandbox, and leaves a picture of each page.

   in-sandbox.py LOCALE-FOLDER DEPLOYMENT KEY PORT PICTURES [SCENARIO...]

Without a SCENARIO it is all of them but "this-machine", which run.sh has on newer libraries.
DEPLOYMENT is the name of one that ../demo/deployment.sh put up and that runs 3.0.0; the host over SSH at
PORT of 127.0.0.1, as ../demo/sshd.sh has it, lets in by the private key KEY, which has no passphrase. Each
scenario has a home, a language and permissions of its own. What is printed is TAP. Run it by
display.sh --bus --size 1000x700 with the services of Flatpak and of the desktop's portals, with the runtime
folder that sandboxes have, and with a `docker` in the path that finds this deployment alone; what is below ~
is the display's."""

import gettext
import hashlib
import importlib
import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "app"))
import drive  # noqa: E402
import portals  # noqa: E402

click_through = importlib.import_module("click-through")

ID = "io.github.stewardapp.Steward"
ALIAS = "sandbox-host"
GATE = "sandbox-gate"
PASSPHRASE = "of the sandbox"
HOST_COMMANDS = "--talk-name=org.freedesktop.Flatpak"


class Program(drive.Program):
    """Behind the proxy of its buses it is another process than was started."""

    def _find(self):
        desktop = drive.Atspi.get_desktop(0)
        for i in range(desktop.get_child_count()):
            child = desktop.get_child_at_index(i)
            if child is not None and child.get_name() == "steward":
                return drive.Node(child)
        return None

    def end(self):
        """As an administrator does; its status tells whether it crashed."""
        drive.keys("Escape", "ctrl+q")
        status = self.process.wait(20)
        if status != 0:
            raise drive.NotSeen(f"a good end; the status is {status}")

    @staticmethod
    def kill_all():
        """What a failed scenario left; the display's user has no others."""
        instances = subprocess.run(["flatpak", "ps", "--columns=instance"], check=True, text=True,
                                   stdout=subprocess.PIPE).stdout.split()
        for instance in instances:
            subprocess.run(["flatpak", "kill", instance], check=False)


class Walk(click_through.Walk):
    """What the scenarios of the sandbox are made of beside those of the window."""

    def connect(self, host, fingerprint):
        """Up to where the host's key is accepted."""
        self.press("Add a Server…")
        self.program.write_into_dialog(host)
        self.say(f"type {host}")
        self.press("C_onnect")
        if fingerprint is None:
            return
        self.see(self.words("Unknown Host Key"))
        self.see(fingerprint)
        self.take_picture("host-key")
        self.press("C_onnect")

    def unlock(self, *, remember=False):
        self.see(self.words("Unlock a Key"))
        drive.type_text(PASSPHRASE)
        self.say("type the passphrase")
        if remember:
            drive.keys("alt+r")
            box = self.program.wait(self.words("_Remember it in the keyring"), "check box")
            drive.wait_for(lambda: box.has(drive.Atspi.StateType.CHECKED), "the checked box")
        self.take_picture("passphrase")
        self.press("C_onnect")

    def choose_from_menu(self, name, msgid):
        """Of a button that shows no word, by its name's beginning, and by the item's access key."""

        def find():
            return next((node for node in self.program.nodes("toggle button")
                         if node.name.startswith(name)), None)

        def is_open():
            return next(self.program.nodes("menu item"), None) is not None

        # One that has to be scrolled to gets the focus alone.
        drive.wait_for(find, f"the button “{name}”").activate()
        drive.wait_for(lambda: is_open() or find().is_focused, f"the focus on “{name}”")
        if not is_open():
            drive.keys("space")
        drive.wait_for(is_open, "the menu")
        label = self.gettext(msgid)
        drive.keys(label[label.index("_") + 1].lower())
        self.say(f"choose “{self.words(msgid)}”")

    def choose_file(self, title, path, picture):
        """In the window of the desktop's portal."""
        chooser = portals.Chooser(self.words(title))
        self.say(f"see “{self.words(title)}”")
        self.take_picture(picture)
        chooser.choose(path)
        self.say(f"choose {path}")

    def name_of_backups(self):
        """What the buttons for a backup of a known version begin with; the newest comes first."""
        return self.words("Actions for %s").replace("%s", self.words("Version"))

    def count_backups(self):
        return len([node for node in self.program.nodes("toggle button")
                    if node.name.startswith(self.name_of_backups())])

    def look_elsewhere(self):
        for window in portals.find_windows("--class", "steward"):
            drive.xdotool("windowminimize", window)
        drive.wait_for(lambda: not portals.find_windows("--class", "steward"), "no window")
        self.say("minimize the window")

    def see_lack(self, msgid, option):
        """The sentence, whole, with what to type."""
        command = f"flatpak override --user {option} {ID}"
        self.see(self.words(msgid).replace("%s", command))


class Scenarios:
    """Each is a function without arguments, that starts what it needs."""

    def __init__(self, locales, name, key, port, pictures):
        self.locales = locales
        self.facts = click_through.read_facts(name)
        self.key = key
        self.port = port
        self.address = f"127.0.0.1:{port}"
        self.pictures = pictures
        self.fingerprint = subprocess.run(
            ["ssh-keygen", "-l", "-f", os.path.join(os.path.dirname(key), "host_key.pub")],
            check=True, text=True, stdout=subprocess.PIPE).stdout.split()[1]

    def start(self, language, *options):
        """A program with these permissions, and what is seen of it."""
        environment = dict(
            os.environ, GSETTINGS_BACKEND="keyfile", GTK_A11Y="atspi",
            LC_ALL={"fr": "fr_FR.UTF-8", "en": "C.UTF-8"}[language])
        translation = gettext.translation("steward", self.locales, [language],
                                          fallback=language == "en")
        argv = ["flatpak", "run", "--user", *options, ID]
        return Walk(lambda: Program(argv, environment), translation, self.facts, None, self.pictures)

    def make_home(self, *, with_key=False, jump=""):
        """As new, but for keys and a configuration that asks for what a read-only folder forbids."""
        for folder in (".ssh", ".var", "Backups"):
            shutil.rmtree(home(folder), ignore_errors=True)
        settings = (".var", "app", ID, "config")
        write_file(click_through.SETTINGS, *settings, "glib-2.0", "settings", "keyfile")
        write_file(click_through.LOOK, *settings, "gtk-4.0", "settings.ini")
        identity = "IdentityFile ~/.ssh/sandbox_key\n" if with_key else ""
        write_file(f"Host {ALIAS}\n{jump}\n"
                   f"Host {ALIAS} {GATE}\nHostName 127.0.0.1\nPort {self.port}\n{identity}"
                   "Host *\nControlMaster auto\nControlPath ~/.ssh/control-%C\n", ".ssh", "config")
        if with_key:
            shutil.copy(self.key, home(".ssh", "sandbox_key"))
            subprocess.run(["ssh-keygen", "-q", "-p", "-P", "", "-N", PASSPHRASE,
                            "-f", home(".ssh", "sandbox_key")], check=True,
                           stdout=subprocess.DEVNULL)

    def over_ssh(self):
        """To a host that is not known, by a key with a passphrase: backup, upgrade, rollback."""
        self.make_home(with_key=True)
        before = sorted(os.listdir(home(".ssh")))
        walk = self.start("en")
        walk.host = ALIAS
        walk.connect(ALIAS, self.fingerprint)
        walk.unlock()
        walk.see_server(click_through.OLD)
        walk.see_host()
        walk.take_picture("over-ssh")
        walk.back_up()
        walk.upgrade()
        walk.write_as_client()
        walk.roll_back()
        walk.program.end()
        own = read_file(home(".var", "app", ID, "data", "known_hosts"))
        if f"[127.0.0.1]:{self.port}" not in own:
            raise drive.NotSeen(f"the host in the sandbox's known hosts: {own}")
        if sorted(os.listdir(home(".ssh"))) != before:
            raise drive.NotSeen("~/.ssh as it was")

    def keyring(self):
        """What is remembered is kept by the portal's secret: the second start asks for nothing."""
        self.make_home(with_key=True)
        with Keyring():
            walk = self.start("en")
            walk.connect(ALIAS, self.fingerprint)
            walk.unlock(remember=True)
            walk.see_server(click_through.OLD)
            walk.program.end()
            walk = self.start("en")
            walk.see_server(click_through.OLD)
            walk.program.end()
        kept = home(".var", "app", ID, "data", "keyrings", "default.keyring")
        with open(kept, "rb") as file:
            if PASSPHRASE.encode() in file.read():
                raise drive.NotSeen("a passphrase that cannot be read")

    def known_host(self):
        """The user's known hosts count, and the agent's key does without ~/.ssh's."""
        self.make_home()
        public = read_file(os.path.join(os.path.dirname(self.key), "host_key.pub"))
        write_file(f"[127.0.0.1]:{self.port} {public}", ".ssh", "known_hosts")
        with Agent(self.key):
            walk = self.start("en")
            walk.connect(ALIAS, None)
            walk.see_server(click_through.OLD)
            walk.program.end()

    def through_another(self):
        """The way through another host shares no connection in ~/.ssh, and keeps its key as Steward does."""
        self.make_home(jump=f"ProxyJump {GATE}")
        with Agent(self.key):
            walk = self.start("en")
            walk.connect(ALIAS, self.fingerprint)
            walk.see_server(click_through.OLD)
            walk.program.end()

    def this_machine(self):
        """Where commands may leave the sandbox, in French: upgrade and rollback."""
        self.make_home()
        walk = self.start("fr", HOST_COMMANDS)
        walk.scenario_there_and_back()
        walk.program.end()

    def notification(self):
        """Who looks elsewhere is told of the end, in French, and is led to what was done."""
        self.make_home()
        with portals.Notifications(home("told")) as notifications:
            walk = self.start("fr", HOST_COMMANDS)
            walk.see_server(click_through.OLD)
            walk.press("_Back Up")
            walk.press("Back")
            walk.look_elsewhere()
            title = walk.words("%s of %s").replace("%s", walk.words("Backup"), 1)
            notifications.wait(title.replace("%s", walk.name), walk.pgettext("notification", "Done"),
                               click_through.OPERATION_S)
            walk.take_picture("notification")
            notifications.click()
            walk.say("click the notification")
            drive.wait_for(lambda: portals.find_windows("--class", "steward"), "the window")
            walk.finish("Done")
            walk.take_picture("notified")
            walk.program.end()

    def copies(self):
        """A backup is saved into a folder that the sandbox does not have, lost, and brought back."""
        self.make_home()
        os.mkdir(home("Backups"))
        walk = self.start("fr", HOST_COMMANDS)
        walk.see_server(click_through.OLD)
        walk.back_up()
        backup = self.find_newest_backup()
        count = walk.count_backups()
        sums = read_sums(f"{backup}.dump", f"{backup}.json")
        copy = home("Backups", os.path.basename(backup))
        self.save_copy(walk, copy)
        if read_sums(*(os.path.join(copy, os.path.basename(copy) + suffix)
                       for suffix in (".dump", ".json"))) != sums:
            raise drive.NotSeen("in the copy the bytes of the backup")
        self.delete_backup(walk)
        drive.wait_for(lambda: walk.count_backups() == count - 1, "one backup less")
        self.import_copy(walk, copy)
        drive.wait_for(lambda: walk.count_backups() == count, "the backup in the list")
        walk.take_picture("imported")
        if read_sums(f"{backup}.dump") != sums[:1]:
            raise drive.NotSeen("the bytes of the copy on the server")
        walk.program.end()

    def find_newest_backup(self):
        """Its path without a suffix."""
        folder = os.path.join(os.path.dirname(self.facts["COMPOSE_FILE"]), "steward", "backups")
        return os.path.join(folder, max(name for name in os.listdir(folder)
                                        if name.endswith(".dump"))).removesuffix(".dump")

    @staticmethod
    def save_copy(walk, copy):
        walk.choose_from_menu(walk.name_of_backups(), "_Save a Copy…")
        walk.choose_file("Choose a Folder for the Copy", home("Backups"), "save-a-copy")
        drive.wait_for(lambda: os.path.isdir(copy), copy)
        walk.see(walk.words("A copy of the backup was saved, in a folder named after it"))
        walk.take_picture("saved")

    @staticmethod
    def delete_backup(walk):
        walk.choose_from_menu(walk.name_of_backups(), "_Delete…")
        walk.see(walk.words("Delete This Backup?"))
        walk.press("_Delete")

    @staticmethod
    def import_copy(walk, copy):
        """At first the folder around it, which is named as its owner knows it."""
        for folder in (os.path.dirname(copy), copy):
            walk.choose_from_menu(walk.words("Actions for the backups as a whole"), "_Import…")
            walk.choose_file("Choose the Folder of a Saved Copy", folder, "import")
            if folder == copy:
                break
            walk.see(walk.words("There is no dump in “%s”. Choose the folder of one saved copy: it "
                                "has the name of the backup.").replace("%s", "Backups"))
            walk.take_picture("no-copy")
            walk.press("_Close")
        walk.see(walk.words("Import This Backup?"))
        walk.take_picture("import-question")
        walk.press("_Import")

    def compose_file(self):
        """Chosen by a portal that does not tell where it lies, the page says what to do instead."""
        self.make_home()
        walk = self.start("en", HOST_COMMANDS)
        walk.see_server(click_through.OLD)
        walk.press("Add a Server…")
        walk.focus(walk.words("Choose a Compose _File…"))
        drive.keys("Return")
        path = self.facts["COMPOSE_FILE"]
        walk.choose_file("Choose the Server’s Compose File", path, "compose-file")
        walk.see(walk.words("This desktop does not tell where “%s” lies outside of Steward’s sandbox. "
                            "Start the server once by “docker compose up -d”: it then appears by "
                            "itself.").replace("%s", os.path.basename(path)))
        walk.take_picture("compose-file-untold")
        walk.press("_Close")
        walk.program.end()

    def without_host_commands(self):
        """Nothing of this machine's, in English and in French: the page says what to type."""
        for language in ("en", "fr"):
            self.make_home()
            walk = self.start(language)
            walk.see_lack("Steward’s sandbox does not let it run commands of this machine. To "
                          "manage servers here, run “%s” and start Steward again.", HOST_COMMANDS)
            walk.take_picture(f"without-host-commands-{language}")
            walk.program.end()

    def without_network(self):
        """No host is reached."""
        self.make_home(with_key=True)
        walk = self.start("en", "--unshare=network")
        walk.connect(ALIAS, None)
        walk.see_lack("Steward’s sandbox does not let it use the network. To allow it, run “%s” "
                      "and start Steward again.", "--share=network")
        walk.take_picture("without-network")
        walk.program.end()

    def without_ssh_folder(self):
        """No key is found."""
        self.make_home(with_key=True)
        walk = self.start("en", "--nofilesystem=~/.ssh")
        walk.connect(self.address, self.fingerprint)
        walk.see_lack("Steward’s sandbox does not let it read your keys in ~/.ssh. To allow it, run "
                      "“%s” and start Steward again.", "--filesystem=~/.ssh:ro")
        walk.take_picture("without-ssh-folder")
        walk.program.end()

    def without_agent(self):
        """The agent's key is not found."""
        self.make_home()
        with Agent(self.key):
            walk = self.start("en", "--nosocket=ssh-auth")
            walk.connect(ALIAS, self.fingerprint)
            walk.see_lack("Steward’s sandbox does not let it ask your SSH agent for keys. To allow "
                          "it, run “%s” and start Steward again.", "--socket=ssh-auth")
            walk.take_picture("without-agent")
            walk.program.end()

    def without_display(self):
        """It ends by itself, and says why."""
        self.make_home()
        result = subprocess.run(
            ["flatpak", "run", "--user", "--nosocket=wayland", "--nosocket=fallback-x11",
             "--nosocket=x11", ID], text=True, capture_output=True, timeout=60, check=False,
            env=dict(os.environ, LC_ALL="C.UTF-8"))
        wanted = f"flatpak override --user --socket=wayland --socket=fallback-x11 {ID}"
        if wanted not in result.stderr or result.returncode != 1:
            raise drive.NotSeen(f"the sentence in {result.stderr} ({result.returncode})")

    def without_acceleration(self):
        """The window needs neither the graphics card nor shared memory."""
        self.make_home()
        walk = self.start("en", "--nodevice=dri", "--unshare=ipc")
        walk.see(walk.words("Look Again"))
        walk.program.end()


def home(*path):
    return os.path.join(os.environ["HOME"], *path)


def read_file(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def read_sums(*paths):
    sums = []
    for path in paths:
        with open(path, "rb") as file:
            sums.append(hashlib.sha256(file.read()).hexdigest())
    return sums


def write_file(text, *path):
    os.makedirs(os.path.dirname(home(*path)), mode=0o700, exist_ok=True)
    with open(home(*path), "w", encoding="utf-8") as file:
        file.write(text)


class Agent:
    """ssh-agent with one key, as the environment has it meanwhile."""

    def __init__(self, key):
        self.key = key

    def __enter__(self):
        self.folder = tempfile.mkdtemp()
        os.environ["SSH_AUTH_SOCK"] = os.path.join(self.folder, "agent")
        self.process = subprocess.Popen(["ssh-agent", "-D", "-a", os.environ["SSH_AUTH_SOCK"]],
                                        stdout=subprocess.DEVNULL)
        drive.wait_for(lambda: os.path.exists(os.environ["SSH_AUTH_SOCK"]), "ssh-agent")
        subprocess.run(["ssh-add", "-q", self.key], check=True)

    def __exit__(self, *_):
        del os.environ["SSH_AUTH_SOCK"]
        self.process.terminate()
        self.process.wait(10)
        shutil.rmtree(self.folder)


class Keyring:
    """GNOME's keyring, unlocked as by a login; the portal takes it where the desktop is GNOME's."""

    def __enter__(self):
        subprocess.run(["dbus-update-activation-environment", "XDG_CURRENT_DESKTOP=GNOME"],
                       check=True)
        self.process = subprocess.Popen(
            ["gnome-keyring-daemon", "--foreground", "--components=secrets", "--unlock"],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.process.stdin.write(b"of the login keyring")
        self.process.stdin.close()
        drive.wait_for(self.is_served, "the keyring")

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(10)

    @staticmethod
    def is_served():
        answer = subprocess.run(
            ["dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.DBus", "/",
             "org.freedesktop.DBus.NameHasOwner", "string:org.freedesktop.secrets"], check=True,
            text=True, stdout=subprocess.PIPE).stdout
        return "boolean true" in answer


def main():
    pictures = sys.argv[5]
    scenarios = Scenarios(*sys.argv[1:6])
    os.makedirs(pictures, exist_ok=True)
    os.environ.pop("SSH_AUTH_SOCK", None)
    manager = drive.start_window_manager()
    functions = {
        "without-host-commands": scenarios.without_host_commands,
        "without-display": scenarios.without_display,
        "without-acceleration": scenarios.without_acceleration,
        "without-network": scenarios.without_network,
        "without-ssh-folder": scenarios.without_ssh_folder,
        "without-agent": scenarios.without_agent,
        "known-host": scenarios.known_host,
        "keyring": scenarios.keyring,
        "through-another": scenarios.through_another,
        "notification": scenarios.notification,
        "copies": scenarios.copies,
        "compose-file": scenarios.compose_file,
        "over-ssh": scenarios.over_ssh,
        "this-machine": scenarios.this_machine,
    }
    chosen = sys.argv[6:] or [name for name in functions if name != "this-machine"]
    functions = {name: functions[name] for name in chosen}
    print(f"1..{len(functions)}", flush=True)
    all_good = True
    for number, (name, function) in enumerate(functions.items(), 1):
        if not click_through.run(f"/flatpak/{name}", function, pictures, number):
            all_good = False
            Program.kill_all()
    manager.terminate()
    return 0 if all_good else 1


if __name__ == "__main__":
    sys.exit(main())
