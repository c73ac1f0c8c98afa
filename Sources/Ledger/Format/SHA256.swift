#if canImport(CryptoKit)
  internal import CryptoKit
#else
  internal import CCrypto
  internal import Synchronization
#endif

/// SHA-256 by the system's own library: CryptoKit on macOS, libcrypto elsewhere.
func sha256(_ bytes: [UInt8]) -> [UInt8] {
  #if canImport(CryptoKit)
    Array(SHA256.hash(data: bytes))
  #else
    DigestContext.shared.withLock { $0.digest(bytes) }
  #endif
}

/// SHA-256 for what is no event.
public enum Digest {
  /// The 32 bytes of the hash of the text's UTF-8.
  public static func sha256(of text: String) -> [UInt8] { Ledger.sha256(Array(text.utf8)) }
}

#if !canImport(CryptoKit)
  /// What libcrypto works with. Making it costs more than hashing an event, so there is one for all digests.
  private struct DigestContext: ~Copyable {
    static let shared = Mutex(DigestContext())
    private let context: OpaquePointer

    init() {
      // A library context of its own does not read openssl.cnf, which can switch algorithms off.
      guard let algorithm = EVP_MD_fetch(OSSL_LIB_CTX_new(), "SHA256", nil), let context = EVP_MD_CTX_new(),
        EVP_DigestInit_ex2(context, algorithm, nil) == 1
      else { fatalError("SHA-256 unavailable") }
      self.context = context
    }

    func digest(_ bytes: [UInt8]) -> [UInt8] {
      [UInt8](unsafeUninitializedCapacity: 32) { digest, count in
        // Without an algorithm, the context starts again with the one that it has.
        guard EVP_DigestInit_ex2(context, nil, nil) == 1, EVP_DigestUpdate(context, bytes, bytes.count) == 1,
          EVP_DigestFinal_ex(context, digest.baseAddress, nil) == 1
        else { fatalError("SHA-256 failed") }
        count = 32
      }
    }
  }
#endif
