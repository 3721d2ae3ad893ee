#!/usr/bin/env python3
"""Verifies an allow-list from the format document alone. Usage: verify_list.py LIST PUBLIC_KEY_HEX; prints the verdict."""
import hashlib, os, struct, subprocess, sys, tempfile

def fail(name):
    print(name)
    sys.exit(1)

def signed_by(key, signature, message):
    with tempfile.TemporaryDirectory() as folder:
        def put(name, data):
            path = os.path.join(folder, name)
            with open(path, "wb") as file:
                file.write(data)
            return path
        der = put("key", bytes.fromhex("302a300506032b6570032100") + key)
        command = ["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-keyform", "DER", "-inkey", der,
                   "-sigfile", put("sig", signature), "-in", put("msg", message)]
        return subprocess.run(command, capture_output=True).returncode == 0

def up(length):
    return (length + 4095) // 4096 * 4096

data, key = open(sys.argv[1], "rb").read(), bytes.fromhex(sys.argv[2])
if len(data) < 4096: fail("truncated")
if data[:8] != bytes.fromhex("8950414c0d0a1a0a"): fail("not_a_list")
count, = struct.unpack(">H", data[512:514])
if not 1 <= count <= 4 or any(data[514:520]): fail("bad_header")
known = False
for index in range(count):
    at = 520 + 72 * index
    if data[at:at + 8] != hashlib.sha256(key).digest()[:8]: continue
    if not signed_by(key, data[at + 8:at + 72], b"PAL-list-v1\0" + data[:512]): fail("bad_signature")
    known = True
if not known: fail("unknown_issuer")
major, _, length = struct.unpack(">HHI", data[8:16])
records, page_size, pages, file_length = struct.unpack(">QIIQ", data[168:192])
policy_length, suite = struct.unpack(">II", data[256:264])
if major != 1 or suite != 1: fail("unknown_format")
if length != 512 or page_size not in (1024, 2048, 4096) or any(data[264:512]): fail("bad_header")
directory_at = 4096 + up(policy_length)
pages_at = directory_at + up(48 * pages)
per_page = page_size // 32
if pages != -(-records // per_page) or file_length != pages_at + pages * page_size: fail("bad_header")
if len(data) < file_length: fail("truncated")
if len(data) > file_length: fail("trailing_bytes")
if hashlib.sha256(data[4096:4096 + policy_length]).digest() != data[224:256]: fail("policy_corrupt")
directory = data[directory_at:directory_at + 48 * pages]
if hashlib.sha256(directory).digest() != data[192:224]: fail("directory_corrupt")
gaps = [data[520 + 72 * count:4096], data[4096 + policy_length:directory_at], data[directory_at + 48 * pages:pages_at]]
if any(any(gap) for gap in gaps): fail("bad_header")
previous, left = b"", records
for number in range(pages):
    page = data[pages_at + number * page_size:pages_at + (number + 1) * page_size]
    entry = directory[48 * number:48 * number + 48]
    if hashlib.sha256(page).digest() != entry[16:]: fail("page_corrupt")
    if page[:16] != entry[:16]: fail("directory_corrupt")
    for index in range(min(left, per_page)):
        tag = page[32 * index:32 * index + 16]
        if previous and tag <= previous: fail("unsorted")
        previous = tag
    if any(page[32 * min(left, per_page):]): fail("page_corrupt")
    left -= min(left, per_page)
print("good")
