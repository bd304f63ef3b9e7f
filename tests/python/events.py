#!/usr/bin/env python3
"""Reads the system's events from RabbitMQ with nothing of the system but its contracts:
`pika` for the broker, the CloudEvents SDK for the envelope, protobuf for the body.

    MOTCUA_AMQP=amqp://... python3 events.py --exchange motcua.events --proto proto --last DossierAccepted

Says `listening` when its queue is bound, then a line of JSON for each event, until the last one.
"""

import argparse
import json
import os
import pathlib
import re

import pika
from cloudevents.core.bindings.rabbitmq import RabbitMQMessage, from_rabbitmq
from cloudevents.core.formats.json import JSONFormat

from client import PATIENCE_S, Contracts

# Names, telephones, citizen numbers: nothing of the kind travels. Times and ids do.
TELEPHONE = re.compile(rb"(?<![0-9a-f-])0[35789][0-9]{8}(?![0-9a-f-])")


def read(contracts, method, properties, body):
    headers = {name: value for name, value in properties.headers.items()}
    event = from_rabbitmq(RabbitMQMessage(headers, properties.content_type, body), JSONFormat())
    assert event.get_specversion() == "1.0"
    assert event.get_datacontenttype() == "application/protobuf"
    assert event.get_type() == method.routing_key, (event.get_type(), method.routing_key)
    assert event.get_time().utcoffset() is not None
    assert properties.delivery_mode == 2 and properties.message_id == event.get_id()
    _, service, version, message = event.get_type().split(".")
    assert event.get_source() == f"/motcua/{service}"
    data = getattr(vars(contracts)[service], message).FromString(event.get_data())
    # What the envelope says it is about is what the body is about.
    assert data.dossier == f"dossiers/{event.get_subject()}", data
    assert not TELEPHONE.search(body), body
    trace = event.get_extension("traceparent")
    assert re.fullmatch("00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}", trace), trace
    print(json.dumps({"type": message, "dossier": data.dossier, "code": data.code,
                      "version": data.version, "id": event.get_id()}), flush=True)
    return message


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--exchange", required=True)
    arguments.add_argument("--proto", required=True, type=pathlib.Path)
    arguments.add_argument("--last", required=True)
    given = arguments.parse_args()
    contracts = Contracts(given.proto)
    connection = pika.BlockingConnection(pika.URLParameters(os.environ["MOTCUA_AMQP"]))
    channel = connection.channel()
    queue = channel.queue_declare("", exclusive=True).method.queue
    channel.queue_bind(queue, given.exchange, "motcua.intake.v1.#")
    print("listening", flush=True)
    for method, properties, body in channel.consume(queue, inactivity_timeout=PATIENCE_S):
        if method is None:
            raise SystemExit(f"{given.last} did not come within {PATIENCE_S} s")
        last = read(contracts, method, properties, body)
        channel.basic_ack(method.delivery_tag)
        if last == given.last:
            break
    connection.close()


if __name__ == "__main__":
    main()
