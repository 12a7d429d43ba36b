import CoppiceModel
import Synchronization

/// The buffers of a decoder: the stored chunk, its planes, and its elements.
///
/// Decoders at rest leave them to the next: touching new memory costs as much as decoding to it. At
/// most `mostIdle` wait, of at most `largestIdle` bytes each.
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
