import CoppiceModel
import Synchronization

/// The buffers of a decoder: the stored chunk, its byte planes and its elements.
///
/// Idle buffers are kept for the next decoder, since touching new memory costs as much as decoding
/// into it. At most `mostIdle` sets are kept, each of at most `largestIdle` bytes.
struct ChunkMemory: Sendable {
  var stored: [UInt8] = []
  var shuffled: [UInt8] = []
  var plain: [UInt8] = []

  private static let idle = Mutex<[ChunkMemory]>([])
  private static let mostIdle = ParallelWork.streamCount
  private static let largestIdle = 4 << 20

  static func take() -> ChunkMemory {
    idle.withLock { $0.popLast() } ?? ChunkMemory()
  }

  consuming func giveBack() {
    guard stored.count + shuffled.count + plain.count <= Self.largestIdle else { return }
    let memory = self
    Self.idle.withLock { if $0.count < Self.mostIdle { $0.append(memory) } }
  }
}
