#!/usr/bin/env python3
"""Judges every case of the attack corpus (lists, bundles, deny objects, deltas, what may follow what) from
Documentation/AllowListFormat.md alone. Usage: judge_corpus.py FOLDER, which holds cases.txt and its files. Prints `name verdict`, a case a line."""
import os, struct, subprocess, sys, tempfile
from hashlib import sha256

WEAK = [bytes(32), b"\1" + bytes(31), b"\xec" + b"\xff" * 30 + b"\x7f", b"\xed" + b"\xff" * 30 + b"\x7f", b"\xee" + b"\xff" * 30 + b"\x7f"]
WEAK += [bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
         bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a")]
ROOT, LIST, DENY, VOUCHER = 1, 2, 3, 4

class Refused(Exception): pass

def need(condition, name):
    if not condition: raise Refused(name)

def digest(data): return sha256(data).digest()
def up(length): return (length + 4095) // 4096 * 4096
def rising(items): return all(a < b for a, b in zip(items, items[1:]))

def signed_by(key, signature, message):
    with tempfile.TemporaryDirectory() as folder:
        for name, data in ("key", bytes.fromhex("302a300506032b6570032100") + key), ("sig", signature), ("msg", message):
            with open(os.path.join(folder, name), "wb") as file: file.write(data)
        return subprocess.run(["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-keyform", "DER", "-inkey", "key", "-sigfile", "sig", "-in", "msg"],
                              cwd=folder, capture_output=True).returncode == 0

def head(data, kind, missing):
    """The first 4,096 bytes: what is signed, and the signatures."""
    need(len(data) >= 8, "truncated")
    need(data[:8] == b"\x89PA" + {"list": b"L", "bundle": b"B", "deny": b"N"}[kind] + b"\r\n\x1a\n", missing)
    need(len(data) >= 4096, "truncated")
    count, = struct.unpack(">H", data[512:514])
    need(count <= 16 and not any(data[514:520]) and not any(data[520 + 72 * count:4096]), "bad_header")
    return [(data[at:at + 8], data[at + 8:at + 72]) for at in range(520, 520 + 72 * count, 72)]

def signers(data, kind, signatures, rows):
    need(signatures, "unsigned")
    good, known = [], {digest(row["key"])[:8]: row for row in rows}
    for name, signature in signatures:
        if name not in known: continue
        need(signed_by(known[name]["key"], signature, b"PAL-" + kind.encode() + b"-v1\0" + data[:512]), "bad_signature")
        if known[name] not in good: good.append(known[name])
    need(good, "unknown_issuer")
    return good

def form(data):
    major, _, length = struct.unpack(">HHI", data[8:16])
    need(major == 1, "unknown_format")
    need(length == 512, "bad_header")

def quorum(data, signatures, bundle):
    roots = [row for row in signers(data, "bundle", signatures, bundle["rows"]) if row["role"] == ROOT]
    need(roots, "wrong_role")
    need(len(roots) >= bundle["threshold"], "too_few_signatures")

def dated(issued, vouched): need(vouched is None or issued <= vouched + 86400, "issued_in_future")

def bundle(data, before=None, vouched=None):
    signatures = head(data, "bundle", "not_a_bundle")
    if before:
        if digest(data[:512]) == before["hash"]: return before
        quorum(data, signatures, before)
    form(data)
    number, issued, soft, threshold, keys, streams, least = struct.unpack(">QqqIIII", data[32:72])
    length, = struct.unpack(">Q", data[104:112])
    need(data[144:148] == b"\0\0\0\1", "unknown_format")
    need(not any(data[148:512]) and keys <= 64 and streams <= 64 and 0 <= issued <= soft and number > 0
         and length == 4096 + 128 * keys + 32 * streams, "bad_header")
    need(len(data) >= length, "truncated")
    need(len(data) == length, "trailing_bytes")
    need(digest(data[4096:]) == data[72:104], "body_corrupt")
    this = dict(operator=data[16:32], number=number, issued=issued, threshold=threshold, least=least, hash=digest(data[:512]), rows=[], streams={})
    for at in range(4096, 4096 + 128 * keys, 128):
        row = data[at:at + 128]
        need(row[:31] + bytes([row[31] & 0x7F]) not in WEAK, "weak_key")
        role, = struct.unpack(">H", row[32:34])
        need(role in (ROOT, LIST, DENY, VOUCHER), "unknown_format")
        need(not any(row[34:40]) and not any(row[100:]), "bad_bundle")
        first, last = struct.unpack(">qq", row[40:56])
        this["rows"].append(dict(key=row[:32], role=role, first=first, last=last, scope=row[56:88], ceiling=struct.unpack(">III", row[88:100])))
    for at in range(4096 + 128 * keys, length, 32):
        version, step, zero = struct.unpack(">QII", data[at + 16:at + 32])
        need(zero == 0 and data[at:at + 16] not in this["streams"], "bad_bundle")
        this["streams"][data[at:at + 16]] = (version, step)
    need(len({digest(row["key"])[:8] for row in this["rows"]}) == keys, "bad_bundle")
    need(all(row["role"] in (LIST, VOUCHER) or row["ceiling"] == (0, 0, 0) for row in this["rows"]), "bad_bundle")
    need(1 <= threshold <= sum(row["role"] == ROOT for row in this["rows"]), "bad_bundle")
    try: quorum(data, signatures, this)
    except Refused as refused:
        raise Refused("too_few_signatures") if before and str(refused) in ("unknown_issuer", "wrong_role") else refused
    if before:
        need(this["operator"] == before["operator"], "wrong_operator")
        need(number >= before["number"], "rollback")
        need(number > before["number"], "equivocation")
        need(number == before["number"] + 1, "bundle_gap")
        need(data[112:144] == before["hash"], "equivocation")
        need(issued >= before["issued"], "rollback")
        dated(issued, vouched)
    return this

def policy(data):
    need(data[:2] == b"\0\1", "unknown_format")
    count, = struct.unpack(">H", data[2:4])
    need(1 <= count <= 256 and len(data) == 64 + 64 * count, "bad_policy")
    caps = struct.unpack(">6I", data[4:28])
    need(caps[0] >= caps[1] >= caps[2] and caps[3] >= caps[4] >= caps[5] and not any(data[46:64]), "bad_policy")
    profiles = {}
    for at in range(64, len(data), 64):
        number, mode, strength, watts = struct.unpack(">HBBI", data[at:at + 8])
        ladder = [struct.unpack(">IHHI", data[step:step + 12]) for step in range(at + 16, at + 64, 12)]
        need(mode <= 3 and strength <= 1 and not any(step[2] for step in ladder), "bad_policy")
        need(all(more >= less for a, b in zip(ladder, ladder[1:]) for more, less in zip(a, b)), "bad_policy")
        need(not profiles or number > max(profiles), "bad_policy")
        profiles[number] = (watts, max(step[0] for step in ladder))
    return profiles, struct.unpack(">HH", data[42:46])

def values(data):
    form(data)
    scope_type, flags = struct.unpack(">II", data[88:96])
    tag, record, records, size, pages, length = struct.unpack(">HHQIIQ", data[164:192])
    policy_length, suite = struct.unpack(">II", data[256:264])
    version, least, issued, soft, hard = struct.unpack(">QQqqq", data[48:88])
    need(scope_type <= 3 and flags & 0xFFFF == 0 and (tag, record, suite) == (16, 32, 1), "unknown_format")
    need(not any(data[312:512]) and (scope_type == 0) == (not any(data[96:128])), "bad_header")
    need(size in (1024, 2048, 4096) and records <= 100_000_000 and policy_length <= 65536 and 0 <= issued <= soft <= hard, "bad_header")
    directory = 4096 + up(policy_length)
    first = directory + up(48 * pages)
    need(pages == -(-records // (size // 32)) and length == first + pages * size, "bad_header")
    added, removed = struct.unpack(">QQ", data[296:312])
    return dict(operator=data[16:32], stream=data[32:48], version=version, least=least, issued=issued, scope=data[96:128], salt=data[128:160],
                records=records, size=size, pages=pages, length=length, policy=policy_length, directory=directory, first=first,
                before=data[264:296], added=added, removed=removed, hash=digest(data[:512]))

def opened(data, trust, scopes, was_installed=False):
    signatures, signed = head(data, "list", "not_a_list"), []
    if not was_installed:
        signed = [row for row in signers(data, "list", signatures, trust["rows"]) if row["role"] == LIST]
        need(signed, "wrong_role")
    this = values(data)
    if not was_installed:
        need(trust["least"] <= 1, "format_too_old")
        need(this["operator"] == trust["operator"], "wrong_operator")
        need(this["least"] <= trust["number"], "bundle_too_old")
        for row in signed:
            need((not row["first"] or this["issued"] >= row["first"]) and (not row["last"] or this["issued"] < row["last"]), "key_out_of_date")
            need(not any(row["scope"]) or row["scope"] == this["scope"], "beyond_key_scope")
        need(not any(this["scope"]) or this["scope"] in scopes, "wrong_scope")
        if trust["streams"]:
            need(this["stream"] in trust["streams"], "wrong_list")
            need(this["version"] >= trust["streams"][this["stream"]][0], "below_minimum")
    need(len(data) >= this["length"], "truncated")
    need(len(data) == this["length"], "trailing_bytes")
    need(digest(data[4096:4096 + this["policy"]]) == data[224:256], "policy_corrupt")
    this["profiles"], this["guard"] = policy(data[4096:4096 + this["policy"]])
    this["table"] = data[this["directory"]:this["directory"] + 48 * this["pages"]]
    need(digest(this["table"]) == data[192:224], "directory_corrupt")
    need(not any(data[4096 + this["policy"]:this["directory"]]) and not any(data[this["directory"] + 48 * this["pages"]:this["first"]]), "bad_header")
    for row in signed:
        need(all(watts <= row["ceiling"][1] and energy <= row["ceiling"][0] for watts, energy in this["profiles"].values()), "above_ceiling")
    this["signers"] = len(signed)
    return this

def entries(data, this):
    last, left, per_page, found = b"", this["records"], this["size"] // 32, {}
    for number in range(this["pages"]):
        page = data[this["first"] + number * this["size"]:][:this["size"]]
        row = this["table"][48 * number:48 * number + 48]
        need(digest(page) == row[16:], "page_corrupt")
        need(page[:16] == row[:16], "directory_corrupt")
        here = min(left, per_page)
        for at in range(0, 32 * here, 32):
            tag, (begin, end, profile, zero) = page[at:at + 16], struct.unpack(">IIHH", page[at + 16:at + 28])
            need(tag > last or not found, "unsorted")
            need(zero == 0 and (end == 0 or begin < end) and profile in this["profiles"], "bad_record")
            last = tag
            found[tag] = page[at:at + 32]
        need(not any(page[32 * here:]), "bad_record")
        left -= here
    return found

def follows(data, trust, scopes, before, vouched):
    this = opened(data, trust, scopes)
    dated(this["issued"], vouched)
    old = before and opened(before, trust, scopes, True)
    if old and this["stream"] != old["stream"]:
        need(this["stream"] in trust["streams"] and old["stream"] not in trust["streams"], "wrong_list")
    elif old:
        step = this["version"] - old["version"]
        need(step >= 0, "rollback")
        need(step > 0 or this["hash"] == old["hash"], "equivocation")
        need(step != 1 or not any(this["before"]) or this["before"] == old["hash"], "equivocation")
        most = trust["streams"].get(this["stream"], (0, 0))[1]
        need(most == 0 or step <= most, "version_jump")
    new = entries(data, this)
    if not old or old["hash"] == this["hash"]: return
    exact = old["salt"] == this["salt"] and old["stream"] == this["stream"]
    if exact:
        present = entries(before, old)
        added, removed = len(new.keys() - present.keys()), len(present.keys() - new.keys())
        if this["before"] == old["hash"]: need((added, removed) == (this["added"], this["removed"]), "miscounted")
    else:
        added, removed = (len(new), old["records"]) if old["records"] > 100 else (len(new) - old["records"], 0)
    shrink, grow = old["guard"]
    if this["signers"] < 2:
        need(shrink >= 1000 or removed <= 100 or removed * 1000 <= shrink * old["records"], "suspicious_shrinkage")
        need(grow == 65535 or added <= 100 or added * 1000 <= grow * old["records"], "suspicious_growth")

def deny(data, trust, before=None, vouched=None):
    need(len(data) <= 65536, "trailing_bytes")
    signed = [row for row in signers(data, "deny", head(data, "deny", "not_a_deny_object"), trust["rows"]) if row["role"] == DENY]
    need(signed, "wrong_role")
    form(data)
    sequence, issued = struct.unpack(">Qq", data[48:64])
    count, = struct.unpack(">I", data[140:144])
    length, suite = struct.unpack(">QI", data[176:188])
    need(suite == 1, "unknown_format")
    need(not any(data[188:512]) and count <= 3840 and issued >= 0 and length == 4096 + 16 * count, "bad_header")
    need(data[16:32] == trust["operator"], "wrong_operator")
    first, last = signed[0]["first"], signed[0]["last"]
    need((not first or issued >= first) and (not last or issued < last), "key_out_of_date")
    dated(issued, vouched)
    if before and before[0] != digest(data[:512]):
        need(sequence >= before[1], "rollback")
        need(sequence > before[1], "equivocation")
    need(len(data) >= length, "truncated")
    need(len(data) == length, "trailing_bytes")
    need(digest(data[4096:]) == data[144:176], "body_corrupt")
    need(rising([data[at:at + 16] for at in range(4096, length, 16)]), "unsorted")
    return digest(data[:512]), sequence

def present_deny(data, trust):
    try: return deny(data, trust)
    except Refused as refused:
        if str(refused) in ("unknown_issuer", "wrong_role", "key_out_of_date"): return None
        raise

def applied(data, base, trust, scopes):
    need(len(data) >= 8, "truncated")
    need(data[:8] == b"\x89PAD\r\n\x1a\n", "not_a_delta")
    need(len(data) >= 64 + 4096, "truncated")
    major, minor, own, = struct.unpack(">HHI", data[8:16])
    need((major, minor, own) == (1, 0, 64), "not_a_delta")
    deletes, upserts, length = struct.unpack(">IIQ", data[48:64])
    head(data[64:4160], "list", "not_a_list")
    this = values(data[64:576])
    changes = 64 + this["directory"]
    need(length == changes + 16 * deletes + 32 * upserts, "not_a_delta")
    need(len(data) >= length, "truncated")
    need(len(data) == length, "trailing_bytes")
    gone = [data[at:at + 16] for at in range(changes, changes + 16 * deletes, 16)]
    new = [data[at:at + 32] for at in range(changes + 16 * deletes, length, 32)]
    need(rising(gone) and rising([row[:16] for row in new]), "unsorted")
    old = opened(base, trust, scopes, True)
    need(old["hash"] == data[16:48] and old["salt"] == this["salt"], "wrong_base")
    merged, changed = entries(base, old), {row[:16]: row for row in new}
    need(set(gone) <= merged.keys() and not set(gone) & changed.keys(), "delta_mismatch")
    for tag in gone: del merged[tag]
    rows = [row for _, row in sorted({**merged, **changed}.items())]
    per_page = this["size"] // 32
    pages = [b"".join(rows[at:at + per_page]).ljust(this["size"], b"\0") for at in range(0, len(rows), per_page)]
    table = b"".join(page[:16] + digest(page) for page in pages)
    need(len(rows) == this["records"] and digest(table) == data[64 + 192:64 + 224], "delta_mismatch")
    return data[64:changes] + table.ljust(this["first"] - this["directory"], b"\0") + b"".join(pages)

def verify(folder, case):
    def read(name):
        with open(os.path.join(folder, name), "rb") as file: return file.read()
    data, before = read(case["file"]), read(case["installed"]) if "installed" in case else None
    scopes = [bytes.fromhex(case["scope"])] if "scope" in case else []
    kind, vouched = case["file"][-3:], int(case["vouched"]) if "vouched" in case else None
    if kind == "pab": return bundle(data, before and bundle(before), vouched)
    trust = bundle(read(case["bundle"]))
    if kind == "pan": deny(data, trust, before and present_deny(before, trust), vouched)
    elif kind == "pad": follows(applied(data, before, trust, scopes), trust, scopes, before, vouched)
    else: follows(data, trust, scopes, before, vouched)

with open(os.path.join(sys.argv[1], "cases.txt")) as lines:
    for line in lines:
        name, *parts = line.split()
        if name == "#" or parts[0].startswith("steps="): continue
        try:
            verify(sys.argv[1], dict(part.split("=") for part in parts))
            print(name, "good")
        except Refused as refused: print(name, refused)
