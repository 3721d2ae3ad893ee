// SHA-256 for forgers.

import Crypto

enum SHA {
    static func hash(_ bytes: [UInt8]) -> [UInt8] { Array(SHA256.hash(data: bytes)) }
}
