import CCoppiceZstd
import CoppiceModel
import Synchronization

/// The owner of one libzstd decompression context.
@safe final class ZstdContext: @unchecked Sendable {
  // Unchecked: only the stream that took a context from the pool uses it.
  let pointer: OpaquePointer

  private init(_ pointer: OpaquePointer) { unsafe self.pointer = pointer }

  deinit { unsafe ZSTD_freeDCtx(pointer) }

  /// The unused contexts: making one costs as much as decoding a small chunk.
  private static let idle = Mutex<[ZstdContext]>([])
  private static let mostIdle = 4
  private static let largestIdle = 3 << 20

  /// Takes a context that is ready for a new frame.
  static func take() throws(CoppiceError) -> ZstdContext {
    if let context = idle.withLock({ $0.popLast() }) { return context }
    guard let pointer = unsafe ZSTD_createDCtx() else { throw .outOfMemory(byteCount: 1 << 17) }
    return unsafe ZstdContext(pointer)
  }

  /// Returns a context to the pool; frees one that has grown large.
  static func giveBack(_ context: ZstdContext) {
    unsafe ZSTD_DCtx_reset(context.pointer, ZSTD_reset_session_and_parameters)
    guard unsafe ZSTD_sizeof_DCtx(context.pointer) <= largestIdle else { return }
    idle.withLock { if $0.count < mostIdle { $0.append(context) } }
  }
}

extension CoppiceError {
  /// Returns the error for a result of libzstd.
  static func zstd(_ result: Int) -> CoppiceError {
    let name = unsafe String(cString: ZSTD_getErrorName(result))
    return CoppiceError(.compressionDamaged, "the zstd data are damaged: \(name)")
  }
}
