#!/usr/bin/env python3
"""Completions of the tool, asked of real shells at a terminal.

    completion.py PATH-TO-COPPICE

The scripts are those that the tool generates. Each shell runs at a pseudo-terminal, where lines are typed. In bash and
zsh a key replaces the last word by all its completions, and another writes the line to a file; in fish a key writes
what `complete -C` lists. A shell that isn't installed is named and left out.
"""
import os, pty, select, shlex, shutil, signal, subprocess, sys, tempfile, time

COMMANDS = {"ls", "info", "show", "stats", "dump", "validate", "convert", "migrate", "diff", "repair", "prune",
            "report", "formats", "conformance", "fixtures"}
FORMATS = {"coppice", "orbax", "orbax-v0", "safetensors", "npz", "flax-msgpack", "hdf5", "pytorch"}
FILES = ["first.safetensors", "first run/3/coppice.json", "second/coppice.json", "other.npz"]

# A line up to the cursor; what must be offered; whether nothing else may be; words that may not be offered.
CASES = [
    ("coppice ", COMMANDS, False, ()),
    ("coppice conv", {"convert"}, True, ()),
    ("coppice fixtures ", {"make", "verify", "manifest"}, False, ()),
    ("coppice ls fi", {"first.safetensors", "first run/"}, True, ()),
    ("coppice ls sec", {"second/"}, True, ()),
    ("coppice ls second/", {"second/coppice.json"}, True, ()),
    ("coppice info ot", {"other.npz"}, True, ()),
    ("coppice dump ot", {"other.npz"}, True, ()),
    ("coppice show ot", {"other.npz"}, True, ()),
    ("coppice stats --nan ot", {"other.npz"}, True, ()),
    ("coppice validate --level data ot", {"other.npz"}, True, ()),
    ("coppice repair sec", {"second/"}, True, ()),
    ("coppice migrate sec", {"second/"}, True, ()),
    ("coppice convert ot", {"other.npz"}, True, ()),
    ("coppice convert other.npz sec", {"second/"}, True, ()),
    ("coppice diff second ot", {"other.npz"}, True, ()),
    ("coppice convert a b --transform ot", {"other.npz"}, True, ()),
    ("coppice conformance --fixtures ", {"second/", "first run/"}, True, ()),
    ("coppice conformance --runner ot", {"other.npz"}, True, ()),
    ("coppice convert a b --to ", FORMATS, True, ()),
    ("coppice convert --to orb", {"orbax", "orbax-v0"}, True, ()),
    ("coppice convert a b --layout ", {"ocdbt", "directories"}, True, ()),
    ("coppice convert a b --cast-mode ", {"exact", "rounding", "lossy"}, True, ()),
    ("coppice convert a b --compress ", {"gzip", "none", "zstd"}, True, ()),
    ("coppice convert a b --cast '**=bf", {"**=bfloat16"}, True, ()),
    ("coppice convert a b --cast 'params/**=float3", {"params/**=float32"}, True, ()),
    ("coppice validate x --level ", {"document", "structure", "data"}, True, ()),
    ("coppice ls x --step ", {"latest"}, True, ()),
    ("coppice ls x --sort ", {"tree", "size", "name"}, True, ()),
    ("coppice ls first.safetensors ot", {"other.npz"}, True, ()),
    ("coppice prune sec", {"second/"}, True, ()),
    ("coppice prune x --keep-", {"--keep-latest", "--keep-every", "--keep-best"}, True, ()),
    ("coppice diff x y --step-b ", {"latest"}, True, ()),
    ("coppice ls --foll", {"--follow-symlinks"}, True, ()),
    ("coppice convert a b --cas", {"--cast", "--cast-mode"}, True, ()),
    ("coppice convert a b --dr", {"--drop", "--dry-run"}, True, ()),
    ("coppice ls --", {"--long", "--json", "--step", "--no-verify"}, False, ("--to",)),
]

BASH = """
PS1='$ '; PATH={bin}:$PATH
source {script}
bind 'set bell-style none'
bind '"\\C-xa": insert-completions'
bind -x '"\\C-xd": printf %s "$READLINE_LINE" > {line}.new; mv {line}.new {line}'
"""
ZSH = """
PS1='$ '; path=({bin} $path)
fpath=({functions} $fpath)
autoload -Uz compinit && compinit -u -D
bindkey -e
zle -C all-matches complete-word _generic
zstyle ':completion:all-matches:*' insert yes
zstyle ':completion:all-matches::::' completer _all_matches _complete
bindkey '^Xa' all-matches
dump-line() {{ print -rn -- "$BUFFER" > {line}.new; mv {line}.new {line} }}
zle -N dump-line
bindkey '^Xd' dump-line
"""
FISH = """
set PATH {bin} $PATH
source {fish}
function fish_prompt; echo -n '$ '; end
function fish_greeting; end
function list-completions; complete -C (commandline -cp) > {line}.new; mv {line}.new {line}; end
bind \\cxa true
bind \\cxd list-completions
"""


class Terminal:
    """A shell at a terminal of its own."""

    def __init__(self, arguments, environment, directory, line, lists):
        self.line, self.lists = line, lists
        self.process, self.screen = pty.fork()
        if self.process == 0:
            os.chdir(directory)
            os.execvpe(arguments[0], arguments, environment)
        self.said = b""
        self.read_until(lambda: self.said.endswith(b"$ ") or b"$ \x1b" in self.said, "the prompt")

    def read_until(self, is_done, what):
        end = time.monotonic() + 30
        while not is_done():
            if time.monotonic() > end:
                sys.exit(f"waited 30 s for {what}; the terminal has {self.said[-2000:]!r}")
            if select.select([self.screen], [], [], 0.02)[0]:
                self.said += os.read(self.screen, 65536)

    def completions(self, line):
        """Types a line; gives the completions of its last word."""
        if os.path.exists(self.line):
            os.remove(self.line)
        # To the line's end, away with it, then the line.
        os.write(self.screen, b"\x05\x15" + line.encode() + b"\x18a\x18d")
        self.read_until(lambda: os.path.exists(self.line), f"the completions of {line!r}")
        with open(self.line) as file:
            text = file.read()
        if self.lists:
            return [row.split("\t")[0] for row in text.splitlines()]
        start = line[:line.rindex(" ") + 1]
        assert text.startswith(start), (line, text)
        words, text = text[len(start):], text[len(start):].rstrip()
        quotes = text.count("'") - text.count("\\'")
        return shlex.split(text + "'" * (quotes % 2)) if words else []

    def close(self):
        os.kill(self.process, signal.SIGHUP)
        os.close(self.screen)
        os.waitpid(self.process, 0)


def check(shell, completions):
    failures = 0
    for line, expected, is_all, unwanted in CASES:
        found = completions(line)
        # zsh and fish mark directories themselves; bash does so where one is the only completion.
        names = {name.rstrip("/") for name in found}
        wanted = {name.rstrip("/") for name in expected}
        if not wanted <= names or is_all and names != wanted or names & set(unwanted):
            failures += 1
            print(f"{shell}: {line!r} offers {sorted(found)}, not {sorted(expected)}")
    print(f"{shell}: {len(CASES) - failures} of {len(CASES)} lines complete as they should")
    return failures


def main():
    tool = os.path.abspath(sys.argv[1])
    failures = 0
    with tempfile.TemporaryDirectory() as scratch:
        work = os.path.join(scratch, "work")
        functions = os.path.join(scratch, "functions")
        os.mkdir(functions)
        for name in FILES:
            os.makedirs(os.path.dirname(os.path.join(work, name)), exist_ok=True)
            open(os.path.join(work, name), "w").close()
        scripts = {"bash": os.path.join(scratch, "coppice.bash"), "zsh": os.path.join(functions, "_coppice"),
                   "fish": os.path.join(scratch, "coppice.fish")}
        for shell, path in scripts.items():
            with open(path, "w") as file:
                subprocess.run([tool, "--generate-completion-script", shell], stdout=file, check=True)
        line = os.path.join(scratch, "line")
        fill = dict(bin=os.path.dirname(tool), line=line, functions=functions, script=scripts["bash"],
                    fish=scripts["fish"])
        environment = {"HOME": scratch, "ZDOTDIR": scratch, "XDG_CONFIG_HOME": scratch, "XDG_DATA_HOME": scratch,
                       "TERM": "dumb", "LC_ALL": "C.UTF-8", "COLUMNS": "80",
                       "PATH": os.path.dirname(tool) + ":" + os.environ["PATH"]}
        with open(os.path.join(scratch, "bashrc"), "w") as file:
            file.write(BASH.format(**fill))
        with open(os.path.join(scratch, ".zshrc"), "w") as file:
            file.write(ZSH.format(**fill))
        arguments = {"bash": ["bash", "--noprofile", "--rcfile", os.path.join(scratch, "bashrc"), "-i"],
                     "zsh": ["zsh", "-d", "-i"], "fish": ["fish", "--no-config", "-i", "-C", FISH.format(**fill)]}
        for shell in scripts:
            if not shutil.which(shell):
                print(f"{shell}: not installed, not tested")
            else:
                terminal = Terminal(arguments[shell], environment, work, line, lists=shell == "fish")
                failures += check(shell, terminal.completions)
                terminal.close()
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
