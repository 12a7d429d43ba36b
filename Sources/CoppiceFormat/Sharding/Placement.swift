import CoppiceJSON
import CoppiceModel

/// The data files in which the boxes of leaves lie.
///
/// Spec: SHD-18.
package struct Placement: Hashable, Sendable {
  /// The number of the file of each box, in C order of the boxes.
  package let files: [Int]
  /// The boxes in each file, ascending.
  private let boxes: [Int: [Int]]

  package init(_ files: [Int]) {
    self.files = files
    boxes = Dictionary(grouping: files.indices) { files[$0] }
  }

  /// The numbers of the files in which boxes lie, in no order.
  package var fileNumbers: some Collection<Int> { boxes.keys }

  /// Returns the boxes in a file, ascending.
  ///
  /// Complexity: O(1).
  package func boxes(in file: Int) -> ArraySlice<Int> { boxes[file, default: []][...] }

  package static func == (left: Placement, right: Placement) -> Bool { left.files == right.files }
  package func hash(into hasher: inout Hasher) { hasher.combine(files) }
}

extension TreeDocument {
  /// The number of data files in which boxes lie, `arrays.h5` among them.
  package var placedFileCount: Int {
    (placements.compactMap { $0.fileNumbers.max() }.max() ?? 0) + 1
  }

  /// Reads the member `placements`; `placementFaults` checks its numbers.
  ///
  /// - Throws: `json.*`.
  mutating func readPlacements(_ node: JSONNode?) throws(CoppiceError) {
    guard let node else { return }
    for element in try node.array() {
      placements.append(Placement(try element.nonNegativeIntegerColumn()))
    }
    guard placements.isEmpty else { return }
    placeFaults.append(
      node.error(.shardingBadPlacement, "there are no placements; leave the member out"))
  }

  /// Returns the faults of placements, and of leaves that refer to them.
  ///
  /// Where a grid of shards has a fault, the number of its boxes isn't known, and not compared.
  ///
  /// Spec: SHD-17 to SHD-19.
  ///
  /// - Parameter fileCount: The number of data files; `nil` where the placements alone say it.
  func placementFaults(fileCount: Int?) -> [CoppiceError] {
    var faults: [CoppiceError] = []
    let report = { (pointer: String, message: String) in
      faults.append(CoppiceError(.shardingBadPlacement, message, at: .init(pointer: pointer)))
    }
    var used: Set<Int> = []
    for (kind, leaf) in leaves.kinds.enumerated() {
      guard let placement = leaf.placement else { continue }
      let isRight =
        placement < placements.count
        && (placements[placement].files.count == leaf.boxes.count || !placeFaults.isEmpty)
      if !isRight {
        let ordinal = leaves.indices.first { leaves.kind(of: $0) == kind } ?? 0
        report(
          "/leaves/\(ordinal)/placement",
          placement < placements.count
            ? "the leaf has \(leaf.boxes.count) boxes, but the placement "
              + "\(placements[placement].files.count) files"
            : "the document has \(placements.count) placements")
      }
      used.insert(placement)
    }
    var named: Set<Int> = []
    for (index, placement) in placements.enumerated() {
      named.formUnion(placement.fileNumbers)
      if placement.files.allSatisfy({ $0 == 0 }) {
        report("/placements/\(index)", "a leaf in arrays.h5 alone has no placement")
      } else if !used.contains(index) {
        report("/placements/\(index)", "no leaf has this placement")
      }
    }
    let count = max(fileCount ?? 0, 1)
    if let number = named.max(), fileCount != nil, number >= count {
      report("/placements", "a placement names file \(number), but there are \(count) files")
    } else if named.subtracting([0]).count < (fileCount ?? placedFileCount) - 1 {
      report("/files", "no placement names one of the files")
    }
    return faults
  }
}
