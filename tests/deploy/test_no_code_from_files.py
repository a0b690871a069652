"""Nothing that can run code is read from a file: no pickle, no eval, no unsafe YAML, no shell."""

import ast

import pytest

from tests.browser.conftest import ROOT

MODULES = [path for folder in ("pages", "synth_core", "assets") for path in sorted(ROOT.glob(f"{folder}/**/*.py"))]

IMPORTS = {"pickle", "cPickle", "dill", "cloudpickle", "shelve", "marshal", "jsonpickle", "pty", "xmlrpc"}
CALLS = {
    "eval", "exec", "compile", "__import__",
    "joblib.load", "joblib.dump", "torch.load", "torch.save", "torch.hub.load",
    "yaml.load", "yaml.load_all", "yaml.full_load", "yaml.full_load_all", "yaml.unsafe_load", "yaml.unsafe_load_all",
    "os.system", "os.popen",
}  # fmt: skip
METHODS = {"read_pickle", "to_pickle", "read_hdf", "extractall", "load_from_checkpoint"}
NUMPY = {"np.load", "numpy.load"}

#: What comes from no file: place, name, and why it is there.
EXPECTED = {
    ("synth_core/cluster.py", "pickle"): "Work for a Dask cluster travels so; a cluster trusts its scheduler anyway.",
    ("synth_core/cluster.py", "cloudpickle"): "As above.",
}


def dotted(node: ast.expr) -> str:
    """``a.b.c`` of a name or attribute; only the attributes where something else stands before them."""
    if isinstance(node, ast.Name):
        return node.id
    return f"{dotted(node.value)}.{node.attr}".lstrip(".") if isinstance(node, ast.Attribute) else ""


def refused(tree: ast.AST) -> list[str]:
    """What in the code could run what a file says."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            found += [n for n in names if n.split(".")[0] in IMPORTS]
            if isinstance(node, ast.ImportFrom):  # from joblib import load
                found += [c for a in node.names if (c := f"{node.module}.{a.name}") in CALLS | NUMPY]
        if not isinstance(node, ast.Call):
            continue
        name, given = dotted(node.func), {k.arg: k.value for k in node.keywords}
        if name in CALLS or name.split(".")[-1] in METHODS:
            found.append(name)
        if name in NUMPY and not (isinstance(p := given.get("allow_pickle"), ast.Constant) and p.value is False):
            found.append(name)
        if isinstance(shell := given.get("shell"), ast.Constant) and shell.value:
            found.append(f"{name}(shell=True)")
    return found


@pytest.mark.parametrize("code", [
    "import pickle", "from dill import loads", "eval(x)", "import joblib\njoblib.load(p)", "from joblib import load",
    "torch.load(p, weights_only=True)", "np.load(p)", "np.load(p, allow_pickle=True)", "np.load(p, allow_pickle=flag)",
    "pd.read_pickle(p)", "frame.reset_index().to_pickle(p)", "yaml.load(t, Loader=L)", "zip_file.extractall(d)",
    "subprocess.run(c, shell=True)",
])  # fmt: skip
def test_the_search_finds_it(code):
    assert refused(ast.parse(code))


@pytest.mark.parametrize("code", [
    "np.load(p, allow_pickle=False)", "yaml.safe_load(t)", "json.load(f)", "re.compile(t)", "model.load(p)",
    "from joblib import Parallel", "subprocess.run([c])", "frame.eval_metric(x)",
])  # fmt: skip
def test_the_search_leaves_it(code):
    assert not refused(ast.parse(code))


def test_no_module_does_it():
    trees = {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text("utf-8")) for path in MODULES}
    found = {(place, name) for place, tree in trees.items() for name in refused(tree)}
    assert len(MODULES) > 300
    assert found == set(EXPECTED)
