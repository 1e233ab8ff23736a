"""What Helm's own SDK and Kubernetes' schemas say: requests as JSON on standard input, answers on standard output (helm.ts).

{"chart": DIR, "lint": [VALUES, …]} gives [[MESSAGE, …], …]: warnings and errors.
{"chart": DIR, "render": [{"values", "name", "namespace", "apiVersions": [GROUP/VERSION/KIND, …]}, …]}
  gives [{"manifests": {PATH: TEXT}} or {"refused": TEXT}, …].
{"validate": [YAML, …], "kubernetes": "1.37"} gives [[PROBLEM, …], …]: what Kubernetes refuses, unknown fields too.
"""

import functools
import json
import sys

import helm_python as helm
import kubernetes_validate.utils as kubernetes
import yaml
from helm_python import _native

# Each resource is checked by the same definitions: they are read once.
kubernetes.schema_contents = functools.lru_cache(maxsize=None)(kubernetes.schema_contents)

# What another's CRD defines has no schema in Kubernetes.
CUSTOM = {"PodMonitor", "PrometheusRule", "ScaledObject"}
SEVERITIES = ["unknown", "info", "warning", "error"]


def lint(chart, values):
    report = helm.lint(chart, values, strict=True)
    told = [m for m in report["messages"] if m["severity"] >= SEVERITIES.index("warning")]
    return [f"{SEVERITIES[m['severity']]} {m['path']}: {m['error']}" for m in told]


def render(chart, request):
    options = {
        "name": request.get("name", "avro-scim"),
        "namespace": request.get("namespace", "identity"),
        "api_versions": request.get("apiVersions", []),
        "is_install": True,
    }
    try:
        # It checks the values by their schema first.
        values = json.dumps(request["values"])
        text = _native.call_string("helm_render", chart._raw(), values, json.dumps(options))
        return {"manifests": {path: text for path, text in json.loads(text).items() if text.strip()}}
    except helm.HelmError as error:
        return {"refused": str(error)}


def validate(version, text):
    problems = []
    for resource in yaml.safe_load_all(text):
        if resource is None or resource["kind"] in CUSTOM:
            continue
        try:
            kubernetes.validate(resource, version, strict=True)
        except kubernetes.ValidationError as error:
            problems.append(f"{resource['kind']}: {'.'.join(map(str, error.path))}: {error.message}")
        except kubernetes.SchemaNotFoundError as error:
            problems.append(error.message)
    return problems


def answer(asked):
    if "lint" in asked:
        return [lint(asked["chart"], values) for values in asked["lint"]]
    if "render" in asked:
        chart = helm.Chart.load(asked["chart"])
        # What is asked for twice is rendered once.
        requests = {json.dumps(request): request for request in asked["render"]}
        rendered = {text: render(chart, request) for text, request in requests.items()}
        return [rendered[json.dumps(request)] for request in asked["render"]]
    return [validate(asked["kubernetes"], text) for text in asked["validate"]]


json.dump(answer(json.load(sys.stdin)), sys.stdout)
