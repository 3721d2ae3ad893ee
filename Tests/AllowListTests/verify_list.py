#!/usr/bin/env python3
"""Verifies an allow-list and looks tokens up in it, from Documentation/AllowListFormat.md alone.
Usage: verify_list.py LIST OPERATOR KEYS PEPPER [KIND:TOKEN ...]; all but LIST are files of hexadecimal lines."""
import hashlib, hmac, pathlib, struct, subprocess, sys, tempfile

HEAD = struct.Struct(">8sHHI16s16s5QII32s32sIHHQIIQ32s32sII32sQQ200s")
KINDS = {"card": 1, "vehicle": 2, "contract": 3, "pin": 4, "free": 5}
OPENSSL = "openssl pkeyutl -verify -rawin -pubin -keyform DER -inkey key -sigfile sig -in msg"

def need(condition, refusal):
    if not condition: sys.exit(refusal)

def sha256(data): return hashlib.sha256(data).digest()
def mac(key, data): return hmac.digest(key, data, "sha256")
def padded(length): return -(-length // 4096) * 4096

def is_signed(key, signature, message):
    key = bytes.fromhex("302a300506032b6570032100") + key  # RFC 8410
    with tempfile.TemporaryDirectory() as folder:
        for name, data in ("key", key), ("sig", signature), ("msg", message):
            pathlib.Path(folder, name).write_bytes(data)
        return subprocess.run(OPENSSL.split(), cwd=folder, capture_output=True).returncode == 0

def check_signatures(data, keys):
    need(len(data) >= 8, "truncated")
    need(data[:8] == b"\x89PAL\r\n\x1a\n", "not_a_list")
    need(len(data) >= 4096, "truncated")
    end = 520 + 72 * int.from_bytes(data[512:514], "big")
    need(end <= 520 + 72 * 16 and not any(data[514:520] + data[end:4096]), "bad_header")
    need(end > 520, "unsigned")
    known = {sha256(key)[:8]: key for key in keys}
    signed = [(known[data[at:at + 8]], data[at + 8:at + 72]) for at in range(520, end, 72) if data[at:at + 8] in known]
    need(all(is_signed(*one, b"PAL-list-v1\0" + data[:512]) for one in signed), "bad_signature")
    need(signed, "unknown_issuer")

def pages_of(data, operator):
    (_, major, _, own, issuer, stream, _, _, *dates, scope_type, flags, scope, salt, _, tag, entry, left, size, count,
     length, directory_hash, policy_hash, policy, suite, _, _, _, zero) = HEAD.unpack_from(data)
    need(major == 1, "unknown_format")
    need(own == 512, "bad_header")
    need(scope_type <= 3 and not flags & 0xFFFF and (tag, entry, suite) == (16, 32, 1), "unknown_format")
    directory = 4096 + padded(policy)
    end, first = directory + 48 * count, directory + padded(48 * count)
    need(not any(zero) and (scope_type > 0) == any(scope) and size in (1024, 2048, 4096) and left <= 100_000_000
         and policy <= 65536 and dates == sorted(dates) and dates[-1] < 1 << 63
         and count == -(-left * 32 // size) and length == first + count * size, "bad_header")
    need(issuer == operator, "wrong_operator")
    need(len(data) >= length, "truncated")
    need(len(data) == length, "trailing_bytes")
    need(sha256(data[4096:4096 + policy]) == policy_hash, "policy_corrupt")
    need(sha256(data[directory:end]) == directory_hash, "directory_corrupt")
    need(not any(data[4096 + policy:directory] + data[end:first]), "bad_header")
    pages, last = [], b""
    for row, at in zip(range(directory, end, 48), range(first, length, size)):
        page, used = data[at:at + size], 32 * min(left, size // 32)
        need(sha256(page) == data[row + 16:row + 48], "page_corrupt")
        need(page[:16] == data[row:row + 16], "directory_corrupt")
        for tag in (page[at:at + 16] for at in range(0, used, 32)):
            need(tag > last, "unsorted")
            last = tag
        need(not any(page[used:]), "bad_record")
        pages, left = pages + [(page[:16], page[:used])], left - used // 32
    return salt, stream, pages

def main(path, *files_and_tokens):
    operator, keys, pepper = ([bytes.fromhex(line) for line in open(name)] for name in files_and_tokens[:3])
    data = pathlib.Path(path).read_bytes()
    check_signatures(data, keys)
    salt, stream, pages = pages_of(data, operator[0])
    print("good", sum(len(page) for _, page in pages) // 32)
    key = mac(mac(salt, pepper[0]), b"PAL tag v1" + operator[0] + stream + b"\1")  # RFC 5869, one block
    for kind, text in (token.split(":", 1) for token in files_and_tokens[3:]):
        token = text.upper().encode("ascii")
        tag = mac(key, bytes([KINDS[kind], len(token)]) + token)[:16]
        page = max(((first, page) for first, page in pages if first <= tag), default=(b"", b""))[1]
        found = [page[at + 16:at + 32] for at in range(0, len(page), 32) if page[at:at + 16] == tag]
        print(text, *(struct.unpack(">IIH2xI", found[0]) if found else ["not listed"]))

main(*sys.argv[1:])
