import Coppice
import CoppiceModel
import Foundation
import Synchronization

/// An array whose reading waits until a save is at hand, and then cancels it.
final class CancelledByReading: ArraySource {
  let dtype = DType.uint8
  let shape = Shape([1 << 20]) ?? .scalar
  private let save = Mutex<SaveOperation?>(nil)

  func cancelling(_ operation: SaveOperation) { save.withLock { $0 = operation } }

  func read(_ range: ArrayBox, into bytes: inout MutableRawSpan) throws(CoppiceError) {
    while true {
      if let save = save.withLock({ $0 }) {
        save.cancel()
        return
      }
      usleep(1000)
    }
  }
}
