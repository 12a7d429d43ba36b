"""Runs of steps, and the command."""

import contextlib
import io
import os

import support

import coppice
from coppice.cli import main

RUN = "1.0/valid/directory/steps"


def command(*arguments):
    """Returns status, output and errors of the command."""
    out, errors = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(errors):
        try:
            status = main(list(arguments))
        except SystemExit as end:
            status = end.code
    return status, out.getvalue(), errors.getvalue()


class RunTests(support.Folder):
    def test_steps(self):
        path = support.case(RUN)
        self.assertEqual(list(coppice.steps(path)), [0, 20, 30, 1000])
        self.assertEqual(coppice.steps(path)[20], os.path.join(path, "checkpoint_20"))
        self.assertEqual(coppice.latest(path), 1000)

    def test_a_step_is_loaded_by_number_and_the_latest_without(self):
        path = support.case(RUN)
        self.assertEqual(coppice.metadata(path, step=20).get("step"), 20)
        one, last = coppice.load(path, step=20), coppice.load(path)
        self.assertEqual(list(one), list(coppice.load(os.path.join(path, "checkpoint_20"))))
        self.assertEqual(list(last), list(coppice.load(os.path.join(path, "1000"))))
        with self.assertRaises(coppice.NotFound) as raised:
            coppice.open(path, step=21)
        self.assertEqual(raised.exception.names, [0, 20, 30, 1000])

    def test_a_damaged_step_is_listed_and_not_the_latest(self):
        path = self.copy(support.case(RUN))
        self.flip(os.path.join(path, "1000", "coppice.json"), 20)
        self.assertEqual(list(coppice.steps(path)), [0, 20, 30, 1000])
        self.assertEqual(coppice.latest(path), 30)
        with self.assertRaises(coppice.CoppiceError):
            coppice.load(path, step=1000)
        status, out, errors = command("info", path)
        self.assertEqual(status, 1)
        self.assertIn("1000 (damaged)", out)
        self.assertEqual(len(errors.splitlines()), 1)


class CommandTests(support.Folder):
    def test_info_fits_on_a_screen(self):
        for name in ("1.0/valid/writer/kinds", "1.0/valid/versioning/every-feature", RUN, "1.0/valid/model/records"):
            status, out, errors = command("info", support.case(name))
            self.assertEqual((status, errors), (0, ""))
            self.assertLess(len(out.splitlines()), 24)

    def test_ls_has_a_line_for_each_leaf(self):
        status, out, _ = command("ls", support.case("1.0/valid/arrays/pieces"))
        self.assertEqual((status, out), (0, "state/w  float64[3, 5] contiguous\nstate/b  int32[2] contiguous\n"))

    def test_names_are_escaped(self):
        _, out, _ = command("ls", support.case("1.0/valid/model/keys-control"))
        self.assertTrue(out.replace("\n", "").isprintable())

    def test_a_damaged_checkpointable_hides_no_other(self):
        path = self.copy(support.case("1.0/valid/writer/kinds"))
        self.flip(os.path.join(path, "state", "tree.json"), 20)
        status, out, errors = command("info", path)
        self.assertEqual(status, 1)
        self.assertIn("state        is damaged\n", out)
        self.assertIn("iterator 1   files: 2, 100 bytes\n", out)
        self.assertIn("state/tree.json", errors)

    def test_status(self):
        self.assertEqual(command("info", support.case("1.0/invalid/metadata/digest-root-changed"))[0], 1)
        self.assertEqual(command("info", "/nowhere/at/all")[0], 2)
        self.assertEqual(command("info", support.case(RUN), "--step", "7")[0], 2)
        self.assertEqual(command("wrong")[0], 2)
