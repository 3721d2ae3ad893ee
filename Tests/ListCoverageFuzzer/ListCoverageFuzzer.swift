// libFuzzer's way in: it makes the objects, led by what code they reach. Built by .ci/fuzz-coverage, part of no target.

import AllowListProofs

/// One thread has it.
nonisolated(unsafe) private var fuzzer: ListFuzzer?

/// What libFuzzer calls with each object that it has made.
@_cdecl("LLVMFuzzerTestOneInput")
public func judgeOneObject(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    if fuzzer == nil { fuzzer = try? ListFuzzer() }
    let object = Array(UnsafeBufferPointer(start: bytes, count: count))
    guard let judged = fuzzer?.run(object: object) else {
        precondition(fuzzer != nil, "the objects to begin with cannot be made")
        return 0
    }
    fatalError(judged)
}
