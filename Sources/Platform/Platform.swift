// The one place that knows what the system's libraries are called on each platform. FoundationEssentials alone, where it
// exists: the rest of Foundation brings 44 MB of ICU and doubles the start-up time.

#if canImport(FoundationEssentials)
  @_exported public import FoundationEssentials
#else
  @_exported public import Foundation
#endif

#if canImport(Glibc)
  @_exported public import Glibc
#elseif canImport(Musl)
  @_exported public import Musl
#else
  @_exported public import Darwin
#endif
