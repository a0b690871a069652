"""The recipe's files fit the repository and each other; no image is built here."""

import re
import tomllib

import yaml

from tests.browser.conftest import ROOT
from tests.deploy.conftest import DEPLOY

DOCKERFILE = (DEPLOY / "Dockerfile").read_text("utf-8")
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
APP, PROXY = COMPOSE["services"]["studio"], COMPOSE["services"]["proxy"]


def steps(word: str) -> list[str]:
    """The instructions of that kind, with continued lines joined."""
    joined = re.sub(r"\\\n", " ", re.sub(r"^#.*\n", "", DOCKERFILE, flags=re.M))
    return [line.split(maxsplit=1)[1] for line in joined.splitlines() if line.startswith(f"{word} ")]


def copied() -> set[str]:
    own = [step for step in steps("COPY") if not step.startswith("--from")]
    return {source for step in own for source in step.split()[:-1]}


def test_everything_copied_is_in_the_repository_and_let_through():
    let = [line[1:] for line in (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8").split() if line[0] == "!"]
    for source in copied():
        assert (ROOT / source).exists(), source
        assert any(name.startswith(source) for name in let), source
    assert {"app.py", "pages", "synth_core", "assets", ".streamlit"} <= copied()


def test_the_image_gets_what_pyproject_says_and_its_pinned_torch_first():
    (line,) = [step for step in steps("RUN") if "whl/cpu" in step]
    assert line.index("whl/cpu") < line.index('-e ".[dask]"')
    (pattern,) = re.findall(r"grep -o '([^']+)' pyproject.toml", line)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [d for d in project["dependencies"] if d.startswith("torch")]
    assert re.findall(pattern, (ROOT / "pyproject.toml").read_text("utf-8")) == wanted
    least = project["requires-python"].removeprefix(">=")
    assert all(image.split()[0] >= f"python:{least}-slim" for image in steps("FROM"))
    assert project["optional-dependencies"]["dask"]


def test_it_runs_as_nobody_special_passes_signals_on_and_says_how_it_is():
    (user,) = steps("USER")
    assert user == "studio" and "--uid 10001" in DOCKERFILE
    assert DOCKERFILE.index("USER studio") < DOCKERFILE.index("ENTRYPOINT")
    (entry,) = steps("ENTRYPOINT")
    assert (
        entry.startswith('["tini"') and "/app/assets/deploy/entrypoint.py" in entry and "tini" in " ".join(steps("RUN"))
    )
    (health,) = steps("HEALTHCHECK")
    assert "synth_core.runs.health" in health and "/_stcore/health" in health
    assert steps("VOLUME") == ["/data"] and "STUDIO_WORKSPACE=/data" in DOCKERFILE
    assert "STUDIO_REQUIRE_LOGIN=1" in DOCKERFILE
    assert not re.search(r"(SECRET|PASSWORD|_KEY)=", DOCKERFILE)


def test_the_compose_file_keeps_the_app_behind_the_proxy_and_within_limits():
    assert "ports" not in APP and APP["expose"] == ["8501"] and set(PROXY["ports"]) == {"80:80", "443:443"}
    assert APP["read_only"] and APP["cap_drop"] == ["ALL"] and "no-new-privileges:true" in APP["security_opt"]
    assert {"mem_limit", "cpus", "pids_limit", "restart", "tmpfs"} <= APP.keys()
    assert APP["volumes"] == ["data:/data"] and set(APP["secrets"]) == set(COMPOSE["secrets"])
    assert PROXY["depends_on"]["studio"]["condition"] == "service_healthy"
    (template, certificates) = PROXY["volumes"]
    assert (DEPLOY / template.split(":")[0]).is_file() and certificates.split(":")[1] in (
        DEPLOY / "nginx.conf.template"
    ).read_text("utf-8")
    assert (
        APP["build"]["dockerfile"] == "assets/deploy/Dockerfile"
        and (DEPLOY / APP["build"]["context"]).resolve() == ROOT
    )


def test_the_proxy_takes_what_the_app_takes():
    limit = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))["server"]["maxUploadSize"]
    (proxy,) = re.findall(r"client_max_body_size (\d+)m", (DEPLOY / "nginx.conf.template").read_text("utf-8"))
    assert limit < int(proxy) <= limit + 10


def test_every_setting_is_in_the_readme_and_every_setting_in_the_readme_exists():
    """Names in the code and the recipe, without what is only passed on."""
    readme = (ROOT / "README.md").read_text("utf-8")
    files = [*ROOT.glob("pages/**/*.py"), *ROOT.glob("synth_core/**/*.py"), *DEPLOY.iterdir(), ROOT / "app.py"]
    used = set(re.findall(r"STUDIO_[A-Z_]*[A-Z]", " ".join(f.read_text("utf-8") for f in files if f.is_file())))
    told = set(re.findall(r"STUDIO_[A-Z_]*[A-Z]", readme))
    assert used - told == {"STUDIO_RUN"}  # marks the processes of a run; not for setting
    assert told <= used
