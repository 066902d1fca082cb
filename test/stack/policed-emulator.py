"""The emulated AWS, holding every request against the policies of whoever makes it.

It does so by itself, but for the rows that a request is about, what KMS is told of a key and the role of a session, which
policies name, and for TLS: between processes of one machine there is none, and requests count as though they had come by
it. Its log tells what was refused, and the credentials that functions have: `privileges.ts` reads it.
"""

import json
import os
import re
import runpy
from pathlib import Path

os.environ["AUTH"] = "true"

from ministack import app
from ministack.core import iam_actions, iam_evaluator, lambda_runtime
from ministack.services import lambda_svc

PARTITION_KEY = "PK"
QUERIED_PARTITION = re.compile(rf"\b{PARTITION_KEY} = (:\w+)")
SET_ATTRIBUTE = re.compile(r"([#\w]+) =")
ASSUMED_ROLE = re.compile(r"arn:aws:sts::(\d+):assumed-role/([^/]+)/.+")

given_context = iam_actions.dynamodb_service_context
given_tag_context = iam_actions.request_tag_context
given_condition_key = iam_evaluator._resolve_condition_key
given_enforce = iam_evaluator.enforce
given_origin = app.pin_request_origin
given_credentials = lambda_runtime.execution_credentials


def rows_in(request):
    """The keys or items that a request, or an operation in a transaction, names."""
    yield request.get("Key") or request.get("Item") or {}
    for operation in request.get("TransactItems", []):
        for row in operation.values():
            yield from rows_in(row)
    for table in request.get("RequestItems", {}).values():
        yield from table["Keys"]
    queried = QUERIED_PARTITION.search(request.get("KeyConditionExpression", ""))
    if queried:
        yield {PARTITION_KEY: request["ExpressionAttributeValues"][queried[1]]}


def dynamodb_context(body):
    request = json.loads(body)
    context = given_context(body)
    partitions = [row[PARTITION_KEY]["S"] for row in rows_in(request) if PARTITION_KEY in row]
    if partitions:
        context["dynamodb:LeadingKeys"] = partitions
    if "UpdateExpression" in request:
        names = request.get("ExpressionAttributeNames", {})
        changed = SET_ATTRIBUTE.findall(request["UpdateExpression"])
        context["dynamodb:Attributes"] = [*request["Key"], *(names.get(name, name) for name in changed)]
        context["dynamodb:ReturnValues"] = request.get("ReturnValues", "NONE")
    return context


def kms_context(body):
    request = json.loads(body)
    context = {f"kms:EncryptionContext:{name}": value for name, value in request.get("EncryptionContext", {}).items()}
    if "KeyPairSpec" in request:
        context["kms:DataKeyPairSpec"] = request["KeyPairSpec"]
    return context


def tag_context(service, action, body, *args):
    """Asked for of every request; of those to KMS, the emulator knows no other conditions."""
    context = given_tag_context(service, action, body, *args)
    return {**context, **kms_context(body)} if service == "kms" else context


def condition_key(key, context):
    """Of a session, AWS tells policies the role; the emulator tells them the session."""
    value = given_condition_key(key, context)
    session = ASSUMED_ROLE.fullmatch(value) if key.lower() == "aws:principalarn" else None
    return f"arn:aws:iam::{session[1]}:role/{session[2]}" if session else value


def enforce(access_key, action, *args, **kwargs):
    denied = given_enforce(access_key, action, *args, **kwargs)
    if denied:
        who = getattr(denied, "principal_arn", "unknown")
        about = (kwargs.get("service_context") or {}).get("dynamodb:LeadingKeys", kwargs.get("resource_arn"))
        tell("refused", {"who": who, "action": action, "about": about})
    return denied


def execution_credentials(config):
    credentials = given_credentials(config)
    tell("credentials", {"function": config["FunctionName"], **credentials})
    return credentials


def tell(what, value):
    print(f"{what}: {json.dumps(value)}", flush=True)


iam_actions.dynamodb_service_context = dynamodb_context
iam_actions.request_tag_context = tag_context
iam_evaluator._resolve_condition_key = condition_key
iam_evaluator.enforce = enforce
lambda_runtime.execution_credentials = lambda_svc.execution_credentials = execution_credentials
app.pin_request_origin = lambda address, _secure: given_origin(address, True)

runpy.run_path(str(Path(__file__).parents[2] / "local" / "emulator.py"), run_name="__main__")
