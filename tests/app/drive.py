"""Drives a GTK program as a person with a screen reader, a mouse and a keyboard would: it reads what
stands on the accessibility bus and acts there; what has no action on the bus is clicked or typed by
xdotool. Needs a display, a window manager and a session bus: display.sh --bus gives them."""

import subprocess
import time

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

PATIENCE_S = 20
# A glance reads all that is shown, which is work for the program, too: the longer it takes, the
# less often.
FIRST_GLANCE_S = 0.1
LAST_GLANCE_S = 1


class NotSeen(AssertionError):
    """What was waited for did not come."""


def wait_for(condition, what, patience_s=PATIENCE_S):
    """Waits until condition() is true, and returns it. The bus may lose nodes in between."""
    end = time.monotonic() + patience_s
    pause_s = FIRST_GLANCE_S
    while True:
        try:
            found = condition()
        except GLib.Error:
            found = None
        if found:
            return found
        if time.monotonic() > end:
            raise NotSeen(f"not seen within {patience_s} s: {what}")
        time.sleep(pause_s)
        pause_s = min(pause_s * 1.5, LAST_GLANCE_S)


class Node:
    """A thing on the screen."""

    def __init__(self, accessible):
        self.accessible = accessible

    @property
    def role(self):
        return self.accessible.get_role_name() or ""

    @property
    def name(self):
        """GTK 4.8 leaves the mnemonic in, and may tell a button's name and its label's as one."""
        name = (self.accessible.get_name() or "").strip().replace("_", "")
        half = len(name) // 2
        if len(name) % 2 == 1 and name[half] == " " and name[:half] == name[half + 1:]:
            return name[:half]
        return name

    def is_named(self, name):
        """A button with a name and a label is called by both."""
        return self.name == name or self.name.startswith(f"{name} ")

    @property
    def text(self):
        """What it shows: a label's text, an entry's content, else its name."""
        text = self.accessible.get_text_iface()
        if text is None:
            return self.name
        # With -1 for the end GTK 4.8 gives nothing.
        return Atspi.Text.get_text(text, 0, Atspi.Text.get_character_count(text)) or self.name

    @property
    def extents(self):
        box = self.accessible.get_component_iface()
        return Atspi.Component.get_extents(box, Atspi.CoordType.WINDOW) if box else None

    @property
    def is_shown(self):
        """What is hidden, or has no size, is on the bus of GTK 4.8 all the same."""
        extents = self.extents
        return self.has(Atspi.StateType.VISIBLE) and (
            extents is None or (extents.width > 0 and extents.height > 0))

    def has(self, state):
        return self.accessible.get_state_set().contains(state)

    @property
    def is_sensitive(self):
        return self.has(Atspi.StateType.SENSITIVE)

    @property
    def is_focused(self):
        return self.has(Atspi.StateType.FOCUSED)

    def children(self):
        for i in range(self.accessible.get_child_count()):
            child = self.accessible.get_child_at_index(i)
            if child is not None:
                yield Node(child)

    def walk(self):
        for child in self.children():
            if child.is_shown:
                yield child
                yield from child.walk()

    def activate(self):
        action = self.accessible.get_action_iface()
        if action is None or Atspi.Action.get_n_actions(action) == 0:
            raise NotSeen(f"{self.role} “{self.name}” has no action")
        Atspi.Action.do_action(action, 0)

    def write(self, text):
        Atspi.EditableText.set_text_contents(self.accessible.get_editable_text_iface(), text)


class Program:
    """A program that runs, and its windows."""

    def __init__(self, argv, environment):
        self.process = subprocess.Popen(argv, env=environment)
        self.root = wait_for(self._find, "the program on the accessibility bus")
        wait_for(lambda: list(self.root.children()), "a window")

    def _find(self):
        desktop = Atspi.get_desktop(0)
        for i in range(desktop.get_child_count()):
            child = desktop.get_child_at_index(i)
            if child is not None and child.get_process_id() == self.process.pid:
                return Node(child)
        return None

    def nodes(self, role=None):
        """What is shown; in a modal dialog alone while there is one."""
        for window in self._dialogs() or self.root.children():
            for node in window.walk():
                if role is None or node.role == role:
                    yield node

    def _dialogs(self):
        return [window for window in self.root.children()
                if window.has(Atspi.StateType.MODAL)]

    def ask_for_a_window_that_went(self):
        """As a screen reader does that was not yet told so. GTK 4.8 gives another one."""
        count = self.root.accessible.get_child_count()
        self.root.accessible.get_child_at_index(count)

    def write_into_dialog(self, text):
        """Waits for a dialog with an entry, and writes there."""
        def find():
            return self._dialogs() and next(
                (node for node in self.nodes() if node.role in ("text", "entry")), None)

        wait_for(find, "a dialog with an entry").write(text)

    def find(self, text, role=None):
        """The first thing that shows this text, whole; None where there is none."""
        for node in self.nodes(role):
            if text in (node.name, node.text):
                return node
        return None

    def shows(self, text):
        """Whether this text stands anywhere, even inside of a longer one."""
        return any(text in node.text or text in node.name for node in self.nodes())

    def wait(self, text, role=None, patience_s=PATIENCE_S):
        return wait_for(lambda: self.find(text, role), f"{role or 'anything'} “{text}”", patience_s)

    def wait_until_shows(self, text, patience_s=PATIENCE_S):
        wait_for(lambda: self.shows(text), f"“{text}”", patience_s)

    def wait_for_button(self, name, patience_s=PATIENCE_S):
        """Returns the button of this name once it can be pressed."""

        def find():
            return next((node for node in self.nodes("push button")
                         if node.is_named(name) and node.is_sensitive), None)

        return wait_for(find, f"the button “{name}”", patience_s)

    def press(self, name, patience_s=PATIENCE_S):
        self.wait_for_button(name, patience_s).activate()

    def click(self, node):
        """Clicks in its midst; for rows, which have no action."""
        box = node.extents
        left, top = self._origin()
        xdotool("mousemove", left + box.x + box.width // 2, top + box.y + box.height // 2,
                "click", 1)

    def _origin(self):
        """Where the program's window begins on the screen, its shadow left out."""
        window = max(self._windows(), key=self._area)
        where = dict(line.split("=") for line in
                     xdotool("getwindowgeometry", "--shell", window).split())
        shadow = subprocess.run(["xprop", "-id", window, "_GTK_FRAME_EXTENTS"], check=True,
                                text=True, stdout=subprocess.PIPE).stdout
        left, _, top, _ = map(int, shadow.split("=")[1].split(",")) if "=" in shadow else [0] * 4
        return int(where["X"]) + left, int(where["Y"]) + top

    def open_choice(self, row):
        """What a combo row offers is in a window of its own, which is not on the bus of GTK 4.8."""
        before = len(self._windows())

        def is_open():
            """A page that still fades in takes no click yet."""
            self.click(row)
            return wait_for(lambda: len(self._windows()) > before, "the list", 6)

        for _ in range(3):
            try:
                return is_open()
            except NotSeen:
                pass
        raise NotSeen("the list of a combo row")

    def open_choice_by_keys(self):
        """Of the row that has the focus."""
        before = len(self._windows())
        keys("space")
        wait_for(lambda: len(self._windows()) > before, "the list of a combo row")

    def wait_for_dialog(self):
        wait_for(self._dialogs, "a dialog")

    def _windows(self):
        return xdotool("search", "--onlyvisible", "--class", "steward").split()

    @staticmethod
    def _area(window):
        where = dict(line.split("=") for line in
                     xdotool("getwindowgeometry", "--shell", window).split())
        return int(where["WIDTH"]) * int(where["HEIGHT"])

    def kill(self):
        self.process.kill()
        self.process.wait(10)

    def end(self):
        self.process.terminate()
        self.process.wait(10)


def xdotool(*arguments):
    return subprocess.run(["xdotool", *map(str, arguments)], check=True, text=True,
                          stdout=subprocess.PIPE).stdout


def start_window_manager():
    """Popovers and keys need one. Returns the process."""
    process = subprocess.Popen(["xfwm4", "--compositor=on", "--vblank=off"],
                               stderr=subprocess.DEVNULL)

    def answers():
        return subprocess.run(["xdotool", "get_desktop"], stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL, check=False).returncode == 0

    wait_for(answers, "the window manager")
    return process


def keys(*names):
    """Presses keys one after the other: "Tab", "ctrl+r"."""
    xdotool("key", "--delay", 30, *names)


def type_text(text):
    xdotool("type", "--delay", 20, text)


def save_screenshot(path):
    subprocess.run(["import", "-window", "root", path], check=True)
