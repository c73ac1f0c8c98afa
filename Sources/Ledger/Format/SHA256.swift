#if canImport(CryptoKit)
  internal import CryptoKit
#else
  internal import CCrypto
#endif

/// SHA-256 by the system's own library: CryptoKit on macOS, elsewhere the one function of libcrypto, linked from its archive.
func sha256(_ bytes: [UInt8]) -> [UInt8] {
  #if canImport(CryptoKit)
    Array(SHA256.hash(data: bytes))
  #else
    [UInt8](unsafeUninitializedCapacity: Int(SHA256_DIGEST_LENGTH)) { digest, count in
      var state = SHA256_CTX()
      SHA256_Init(&state)
      SHA256_Update(&state, bytes, bytes.count)
      SHA256_Final(digest.baseAddress, &state)
      count = Int(SHA256_DIGEST_LENGTH)
    }
  #endif
}

/// SHA-256 for what is no event.
public enum Digest {
  /// The 32 bytes of the hash of the text's UTF-8.
  public static func sha256(of text: String) -> [UInt8] { Ledger.sha256(Array(text.utf8)) }
}
