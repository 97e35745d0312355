"""What of a desktop stands outside of the sandbox, used as a person does: the chooser of files, and the
bubbles of notifications."""

import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "app"))
import drive  # noqa: E402


def find_windows(*conditions):
    """Those that are seen; none is no failure."""
    return subprocess.run(["xdotool", "search", "--onlyvisible", *conditions], check=False, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout.split()


def is_active(window):
    return drive.xdotool("getactivewindow").strip() == window


class Chooser:
    """The window of the desktop's portal with this title."""

    def __init__(self, title):
        self.conditions = ("--name", f"^{title}$")
        found = drive.wait_for(lambda: find_windows(*self.conditions), f"the chooser “{title}”")
        self.window = found[0]
        drive.wait_for(lambda: is_active(self.window), f"the chooser “{title}” in front")

    def choose(self, path):
        """By its whole path: a slash brings the entry for it."""
        drive.keys("slash")
        drive.wait_for(self._find_entry, "the entry for a path").write(path)
        drive.keys("Return")
        drive.wait_for(lambda: not find_windows(*self.conditions), "the end of the chooser")

    @staticmethod
    def _find_entry():
        desktop = drive.Atspi.get_desktop(0)
        for i in range(desktop.get_child_count()):
            program = desktop.get_child_at_index(i)
            if program is not None and program.get_name() == "xdg-desktop-portal-gtk":
                return next((node for node in drive.Node(program).walk()
                             if node.role == "text" and node.is_focused), None)
        return None


class Notifications:
    """A desktop's service, which shows bubbles and prints what they say."""

    def __init__(self, path):
        self.path = path

    def __enter__(self):
        with open(self.path, "w", encoding="utf-8") as file:
            self.process = subprocess.Popen(["dunst", "-print"], stdout=file)
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(10)

    def wait(self, title, body, patience_s):
        wanted = f"summary: '{title}'\n\tbody: '{body}'\n"

        def is_told():
            with open(self.path, encoding="utf-8") as file:
                return wanted in file.read()

        drive.wait_for(is_told, f"the notification “{title}: {body}”", patience_s)

    @staticmethod
    def click():
        """In the bubble, with the button that dunst takes for what a notification leads to."""
        bubble = drive.wait_for(lambda: find_windows("--class", "^dunst$"), "the bubble")[0]
        drive.xdotool("mousemove", "--window", bubble, 20, 20, "click", 2)
