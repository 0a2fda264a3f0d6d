#!/usr/bin/env python3
"""What a report must be: reports.py sarif|gitlab|json FILE.

ZONELOOM_SARIF_SCHEMA=FILE: hold SARIF against the schema of its standard, too.
"""
import json
import os
import re
import sys

import jsonschema

HEX = r"^[0-9a-f]{32}$"
TEXT = {"type": "object", "required": ["text"],
        "properties": {"text": {"type": "string", "minLength": 1}}}
LOCATION = {
    "type": "object", "required": ["physicalLocation"],
    "properties": {"physicalLocation": {
        "type": "object", "required": ["artifactLocation"],
        "properties": {
            "artifactLocation": {
                "type": "object", "required": ["uri", "uriBaseId"],
                "properties": {
                    # RFC 3986, 4.2: a relative reference without a scheme.
                    "uri": {"pattern":
                            r"^([A-Za-z0-9/._~-]|%[0-9A-F]{2})+$"},
                    "uriBaseId": {"const": "%SRCROOT%"}}},
            "region": {
                "type": "object", "required": ["startLine"],
                "properties": {
                    "startLine": {"type": "integer", "minimum": 1},
                    "startColumn": {"type": "integer", "minimum": 1}}}}}}}
SARIF = {
    "type": "object", "required": ["$schema", "version", "runs"],
    "properties": {
        "version": {"const": "2.1.0"},
        "runs": {"minItems": 1, "maxItems": 1, "items": {
            "required": ["tool", "results", "columnKind", "invocations"],
            "properties": {
                "tool": {"properties": {"driver": {
                    "required": ["name", "semanticVersion", "rules"],
                    "properties": {"rules": {"items": {
                        "required": ["id", "shortDescription", "help"],
                        "properties": {"shortDescription": TEXT,
                                       "help": TEXT}}}}}}},
                "results": {"items": {
                    "required": ["ruleId", "ruleIndex", "level", "message",
                                 "locations", "partialFingerprints"],
                    "properties": {
                        "level": {"enum": ["warning", "error"]},
                        "message": TEXT,
                        "locations": {"items": LOCATION, "maxItems": 1},
                        "relatedLocations": {"items": LOCATION},
                        "partialFingerprints": {"properties": {
                            "zoneloom/v1": {"pattern": HEX}}}}}}}}}}}
GITLAB = {"type": "array", "items": {
    "required": ["description", "check_name", "fingerprint", "severity",
                 "location"],
    "additionalProperties": False,
    "properties": {
        "description": {"type": "string", "minLength": 1},
        "check_name": {"type": "string"},
        "fingerprint": {"pattern": HEX},
        "severity": {"enum": ["info", "minor", "major", "critical",
                              "blocker"]},
        "location": {
            "required": ["path", "lines"],
            "properties": {
                "path": {"type": "string", "minLength": 1, "pattern": "^[^/]"},
                "lines": {"required": ["begin"], "properties": {
                    "begin": {"type": "integer", "minimum": 1}}}}}}}}


def once(names):
    assert len(set(names)) == len(names), "a fingerprint stands twice"


def sarif(root):
    jsonschema.Draft7Validator(SARIF).validate(root)
    run = root["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    for r in run["results"]:
        assert rules[r["ruleIndex"]]["id"] == r["ruleId"], r
    once([r["partialFingerprints"]["zoneloom/v1"] for r in run["results"]])
    used = {r["ruleId"] for r in run["results"]}
    assert used == {r["id"] for r in rules} and len(rules) == len(used)
    path = os.environ.get("ZONELOOM_SARIF_SCHEMA")
    if path:
        with open(path, encoding="utf-8") as f:
            schema = json.load(f)
        jsonschema.validators.validator_for(schema)(schema).validate(root)


def gitlab(root):
    jsonschema.Draft7Validator(GITLAB).validate(root)
    once([f["fingerprint"] for f in root])


def ours(root):
    here = os.path.dirname(os.path.abspath(__file__))
    with open(os.path.join(here, "../../docs/report.schema.json"),
              encoding="utf-8") as f:
        schema = json.load(f)
    # No key that the schema does not name.
    cls = jsonschema.Draft7Validator
    cls.check_schema(schema)
    cls(schema).validate(root)
    closed = json.loads(re.sub(r'"type": "object"',
                               '"type": "object", "additionalProperties": '
                               'false', json.dumps(schema)))
    cls(closed).validate(root)


def main():
    form, path = sys.argv[1:]
    with open(path, encoding="utf-8") as f:
        root = json.load(f)
    {"sarif": sarif, "gitlab": gitlab, "json": ours}[form](root)


main()
