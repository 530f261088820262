"""Image, Compose file and Kubernetes manifest, checked without a container engine."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from streams.settings import PREFIX, Settings

ROOT = Path(__file__).resolve().parents[2]
COMPOSE_FILE = ROOT / "docker-compose.yml"
DOCKERFILE = ROOT / "deploy" / "Dockerfile"
COMPOSE: dict[str, Any] = yaml.safe_load(COMPOSE_FILE.read_text(encoding="utf-8"))
SERVICES: dict[str, Any] = COMPOSE["services"]
KUBERNETES = {
    document["kind"]: document
    for document in yaml.safe_load_all((ROOT / "deploy/kubernetes/torugart.yaml").read_text(encoding="utf-8"))
}


def _check_schema(file: Path) -> subprocess.CompletedProcess[str]:
    """The Compose specification's own JSON schema, as check-jsonschema ships it."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(file)]
    return subprocess.run(command, capture_output=True, text=True)


def test_compose_file_follows_the_specification(tmp_path: Path) -> None:
    done = _check_schema(COMPOSE_FILE)
    assert done.returncode == 0, done.stdout + done.stderr
    # And the check is one: a misspelt key is noticed.
    wrong = tmp_path / "docker-compose.yml"
    wrong.write_text(COMPOSE_FILE.read_text().replace("stop_grace_period", "stop_grace_time"))
    assert _check_schema(wrong).returncode == 1


def _filled_in(text: str) -> str:
    """${NAME:-default} with its default, as Compose fills it in where the variable is not set."""
    return re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", text)


def test_every_variable_has_a_default() -> None:
    """`docker compose up` asks no questions."""
    for variable in re.findall(r"\$\{[^}]*\}", COMPOSE_FILE.read_text()):
        assert ":-" in variable, variable


def test_mounted_files_exist_and_volumes_are_declared() -> None:
    for name, service in SERVICES.items():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            if source.startswith("."):
                assert (ROOT / source).exists(), f"{name} mounts {source}"
            else:
                assert source in COMPOSE["volumes"], f"{name} uses the volume {source}"
    used = {volume.split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])}
    assert set(COMPOSE["volumes"]) <= used


def test_services_depend_on_services_that_can_fulfil_it() -> None:
    for name, service in SERVICES.items():
        needed = service.get("depends_on", {})
        conditions = needed if isinstance(needed, dict) else {other: {} for other in needed}
        for other, how in conditions.items():
            assert other in SERVICES, f"{name} depends on {other}"
            if how.get("condition") == "service_healthy":
                assert SERVICES[other]["healthcheck"]["test"]
            if how.get("condition") == "service_completed_successfully":
                assert "restart" not in SERVICES[other], f"{other} is waited for to end and would restart"


def test_ports_are_sane_and_open_to_this_machine_only() -> None:
    taken = []
    for name, service in SERVICES.items():
        for port in service.get("ports", []):
            address, published, target = _filled_in(port).split(":")
            assert address == "127.0.0.1", f"{name} is open to the network"
            assert 0 < int(published) < 65536 and 0 < int(target) < 65536
            taken.append(published)
    assert len(set(taken)) == len(taken)


def test_worker_can_be_scaled() -> None:
    worker = SERVICES["worker"]
    assert "container_name" not in worker and "hostname" not in worker and "ports" not in worker


def test_containers_reach_kafka_where_it_listens() -> None:
    kafka = SERVICES["kafka"]["environment"]
    listeners = dict(part.split("://") for part in kafka["KAFKA_LISTENERS"].split(","))
    advertised = dict(
        part.split("://") for part in _filled_in(kafka["KAFKA_ADVERTISED_LISTENERS"]).split(",")
    )
    assert advertised["INTERNAL"] == SERVICES["worker"]["environment"]["TORUGART_BROKERS"] == "kafka:29092"
    assert listeners["INTERNAL"] == ":29092"
    published, target = _filled_in(SERVICES["kafka"]["ports"][0]).split(":")[1:]
    assert advertised["HOST"] == f"localhost:{published}" and listeners["HOST"] == f":{target}"
    protocols = dict(part.split(":") for part in kafka["KAFKA_LISTENER_SECURITY_PROTOCOL_MAP"].split(","))
    assert set(protocols) == set(listeners)


def test_prometheus_scrapes_the_workers() -> None:
    job = yaml.safe_load((ROOT / "deploy/prometheus/prometheus.yml").read_text())["scrape_configs"][0]
    target = job["dns_sd_configs"][0]
    assert target["names"] == ["worker"] and "worker" in SERVICES
    assert str(target["port"]) == SERVICES["worker"]["environment"]["TORUGART_WEB_PORT"]
    rules = yaml.safe_load((ROOT / "deploy/prometheus/alerts.yml").read_text())["groups"][0]["rules"]
    # Rules that look at `up` name the job.
    assert any(f'up{{job="{job["job_name"]}"}}' in rule["expr"] for rule in rules)


DEPLOYED = [
    *(
        path
        for path in (ROOT / "deploy").rglob("*")
        if path.is_file() and path.suffix in {".yml", ".yaml", ""}
    ),
    COMPOSE_FILE,
]


@pytest.mark.parametrize("path", DEPLOYED, ids=lambda path: path.name)
def test_every_setting_named_exists(path: Path) -> None:
    """A worker refuses to start on a TORUGART_ variable that is no setting."""
    named = set(re.findall(rf"^[^#\n]*?\b{PREFIX}([A-Z_]+)", path.read_text(encoding="utf-8"), re.MULTILINE))
    assert {name.lower() for name in named} <= set(Settings.__struct_fields__)


@pytest.mark.parametrize("environment", [SERVICES["worker"]["environment"], KUBERNETES["ConfigMap"]["data"]])
def test_settings_are_in_range(environment: dict[str, str]) -> None:
    settings = Settings.from_env({name: _filled_in(value) for name, value in environment.items()})
    assert settings.web_port == 6066
    # By itself the port is open to loopback only, which in a container is nobody.
    assert settings.web_host == "0.0.0.0"
    assert Settings().web_host == "127.0.0.1"
    assert "ENV TORUGART_WEB_HOST=0.0.0.0" in DOCKERFILE.read_text(encoding="utf-8").splitlines()


def test_image_is_made_from_what_is_there_and_runs_as_nobody_special() -> None:
    lines = DOCKERFILE.read_text(encoding="utf-8").splitlines()
    ignore = (DOCKERFILE.parent / "Dockerfile.dockerignore").read_text().splitlines()
    for line in lines:
        if line.startswith("COPY ") and "--from=" not in line:
            for source in line.split()[1:-1]:
                assert (ROOT / source).exists(), f"the image needs {source}"
                assert f"!{source}" in ignore, f"{source} is kept from the engine"
    assert "USER 10001" in lines
    assert 'ENTRYPOINT ["torugart"]' in lines
    bases = {line.split()[1] for line in lines if line.startswith("FROM ")}
    assert len(bases) == 1, "build and run on the same Debian: the ICU library must be the same"
    assert KUBERNETES["Deployment"]["spec"]["template"]["spec"]["securityContext"]["runAsUser"] == 10001


def test_image_is_healthy_where_the_worker_says_live() -> None:
    health = DOCKERFILE.read_text().split("HEALTHCHECK")[1]
    assert "/health/live" in health and "TORUGART_WEB_PORT" in health and "'6066'" in health
    assert Settings().web_port == 6066


def test_kubernetes_probes_and_secrets_fit() -> None:
    config, pod = KUBERNETES["ConfigMap"], KUBERNETES["Deployment"]["spec"]["template"]["spec"]
    worker = pod["containers"][0]
    assert worker["envFrom"] == [{"configMapRef": {"name": config["metadata"]["name"]}}]
    assert worker["livenessProbe"]["httpGet"]["path"] == "/health/live"
    assert worker["readinessProbe"]["httpGet"]["path"] == "/health/ready"
    assert str(worker["ports"][0]["containerPort"]) == config["data"]["TORUGART_WEB_PORT"]
    mounts = {mount["name"]: mount["mountPath"] for mount in worker["volumeMounts"]}
    assert set(mounts) == {volume["name"] for volume in pod["volumes"]}
    for setting in ("TORUGART_SSL_CAFILE", "TORUGART_SASL_PASSWORD_FILE"):
        assert config["data"][setting].startswith(mounts["kafka"] + "/")
    assert "TORUGART_SASL_PASSWORD" not in config["data"]
    # A Service of the same name would otherwise put foreign TORUGART_ variables into the environment.
    assert pod["enableServiceLinks"] is False
