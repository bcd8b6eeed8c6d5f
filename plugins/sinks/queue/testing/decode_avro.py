"""Reads messages with Apache's Avro library for Python, which shares nothing with the sinks.

Standard input: the schema as JSON on the first line, then a message a line, as hexadecimal digits, with its prefix: single-object encoding,
whose fingerprint is compared with one computed here, or Confluent's wire format. Standard output: the schema's id, or "-", on the first
line, then a JSON object a line, doubles as Python writes them. --raw leaves logical types alone: Python's dates end in the year 9999.
"""
import io
import json
import struct
import sys
import warnings

import avro.io
import avro.schema

warnings.simplefilter("ignore", avro.errors.IgnoredLogicalType)


def fingerprint(canonical):
    """CRC-64-AVRO, bit by bit, as the specification defines it."""
    empty = 0xC15D213AA4D7A795
    out = empty
    for byte in canonical.encode():
        out ^= byte
        for _ in range(8):
            out = (out >> 1) ^ (empty if out & 1 else 0)
    return out


def without_logical_types(schema):
    if isinstance(schema, dict):
        if "logicalType" in schema:
            return schema["type"]
        return {key: without_logical_types(value) for key, value in schema.items()}
    if isinstance(schema, list):
        return [without_logical_types(each) for each in schema]
    return schema


def main():
    text = sys.stdin.readline()
    schema = avro.schema.parse(text)
    plain = avro.schema.parse(json.dumps(without_logical_types(json.loads(text))))
    # The library leaves {"type":"int"} of a logical type; the canonical form has "int".
    single_object = b"\xc3\x01" + struct.pack("<Q", fingerprint(plain.canonical_form))
    if "--raw" in sys.argv:
        schema = plain
    reader = avro.io.DatumReader(schema)
    schema_ids, rows = set(), []
    for line in sys.stdin:
        message = bytes.fromhex(line.strip())
        if message[:1] == b"\0":
            schema_ids.add(str(struct.unpack(">i", message[1:5])[0]))
            body = io.BytesIO(message[5:])
        else:
            if message[:10] != single_object:
                sys.exit(f"the prefix is {message[:10].hex()}, and single-object encoding has {single_object.hex()}")
            schema_ids.add("-")
            body = io.BytesIO(message[10:])
        rows.append(json.dumps(reader.read(avro.io.BinaryDecoder(body)), default=str, ensure_ascii=False))
        if body.read():
            sys.exit(f"bytes behind the record: {line}")
    print(",".join(sorted(schema_ids)))
    print("\n".join(rows))


sys.stdin.reconfigure(encoding="utf-8")
sys.stdout.reconfigure(encoding="utf-8")
main()
