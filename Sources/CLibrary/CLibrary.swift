// The C library of the platform. Only this file names it; what differs between platforms beyond the
// name is in `Platform.swift` of Files.
#if canImport(Glibc)
@_exported public import Glibc
#elseif canImport(Musl)
@_exported public import Musl
#elseif canImport(Darwin)
@_exported public import Darwin
#endif
