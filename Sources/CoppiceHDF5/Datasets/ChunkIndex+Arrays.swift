extension ChunkIndex {
  /// The elements of one data block of an array.
  private struct Elements {
    var width: Int
    var sizeWidth: Int
    /// The most elements of a page; blocks of more have pages, each with a checksum.
    var page: UInt64
    var signature: String
  }

  mutating func listFixedArray(at address: UInt64, in file: borrowing FileBytes) -> Bool {
    guard let head = file.read(at: address, count: 28), head.starts(with: "FAHD".utf8),
      head[4] == 0, let sizeWidth = sizeWidth(ofElement: Int(head[6])), head[7] < 32,
      let count = littleEndian(head, at: 8, count: 8),
      let block = littleEndian(head, at: 16, count: 8)
    else { return false }
    if block == .max { return true }
    let elements = Elements(
      width: Int(head[6]), sizeWidth: sizeWidth, page: 1 << UInt64(head[7]), signature: "FADB")
    // A prefix of the signature, the version, the client, and the header's address.
    guard count > elements.page else {
      return list(elements, count, from: 0, at: block, prefix: 14, in: file)
    }
    let pages = (count - 1) / elements.page + 1
    guard pages <= UInt64(limit), let head = file.read(at: block, count: 14 + Int((pages + 7) / 8)),
      head.starts(with: "FADB".utf8),
      let bits = file.read(at: block &+ 14, count: Int((pages + 7) / 8))
    else { return false }
    return listPages(
      elements, count, from: 0, at: block &+ 18 &+ (pages + 7) / 8, bits[...], in: file)
  }

  /// Lists the elements of a block without pages.
  private mutating func list(
    _ elements: Elements, _ count: UInt64, from first: UInt64, at address: UInt64, prefix: Int,
    in file: borrowing FileBytes
  ) -> Bool {
    guard count <= UInt64(FileBytes.maximumCount) / UInt64(elements.width),
      let block = file.read(at: address, count: prefix + Int(count) * elements.width),
      prefix == 0 || block.starts(with: elements.signature.utf8)
    else { return false }
    return list(elements, Int(count), from: first, of: block, at: prefix, in: file)
  }

  private mutating func list(
    _ elements: Elements, _ count: Int, from first: UInt64, of block: [UInt8], at start: Int,
    in file: borrowing FileBytes
  ) -> Bool {
    for index in 0..<count {
      guard let offset = offset(of: first &+ UInt64(index)),
        append(
          block, at: start + index * elements.width, sizeWidth: elements.sizeWidth, offset: offset,
          in: file)
      else { return false }
    }
    return true
  }

  /// Lists the elements of pages that were written, by a bit for each, the highest first.
  private mutating func listPages(
    _ elements: Elements, _ count: UInt64, from first: UInt64, at address: UInt64,
    _ bits: ArraySlice<UInt8>, in file: borrowing FileBytes
  ) -> Bool {
    let pageBytes = elements.page &* UInt64(elements.width) &+ 4
    for page in 0..<((count - 1) / elements.page + 1) {
      let (byte, bit) = (bits.startIndex + Int(page / 8), UInt8(0x80) >> UInt8(page % 8))
      guard byte < bits.endIndex else { return false }
      guard bits[byte] & bit != 0 else { continue }
      let start = page * elements.page
      guard
        list(
          elements, min(elements.page, count - start), from: first &+ start,
          at: address &+ page &* pageBytes, prefix: 0, in: file)
      else { return false }
    }
    return true
  }

  /// Lists an extensible array: its first elements and blocks are in the index block, the others
  /// below super blocks, each with twice the elements of one or two before it.
  mutating func listExtensibleArray(at address: UInt64, in file: borrowing FileBytes) -> Bool {
    guard let head = file.read(at: address, count: 68), head.starts(with: "EAHD".utf8),
      head[4] == 0, let sizeWidth = sizeWidth(ofElement: Int(head[6])),
      case let (bits, direct, least, pointers) = (
        UInt64(head[7]), UInt64(head[8]), UInt64(head[9]), UInt64(head[10])
      ), bits <= 64, head[11] < 32, least > 0, least & (least - 1) == 0, pointers > 0,
      pointers & (pointers - 1) == 0, case let leastBits = UInt64(least.trailingZeroBitCount),
      bits >= leastBits, let used = littleEndian(head, at: 44, count: 8),
      let index = littleEndian(head, at: 60, count: 8)
    else { return false }
    if index == .max { return true }
    let elements = Elements(
      width: Int(head[6]), sizeWidth: sizeWidth, page: 1 << UInt64(head[11]), signature: "EADB")
    let superBlocks = 1 + bits - leastBits
    let firstBelow = min(2 * UInt64(pointers.trailingZeroBitCount), superBlocks)
    let blocks = 2 * (pointers - 1)
    let inIndex = Int(direct) * elements.width
    let count = 14 + inIndex + 8 * Int(blocks + superBlocks - firstBelow)
    guard let block = file.read(at: index, count: count), block.starts(with: "EAIB".utf8),
      list(elements, Int(min(direct, used)), from: 0, of: block, at: 14, in: file)
    else { return false }
    // The bytes in which blocks say where in the array they begin.
    let prefix = 14 + Int((bits + 7) / 8)
    var (first, place) = (direct, 14 + inIndex)
    for superBlock in 0..<superBlocks where first < used {
      let number = UInt64(1) << (superBlock / 2)
      let each = (UInt64(1) << ((superBlock + 1) / 2)).multipliedReportingOverflow(by: least)
      guard !each.overflow else { return false }
      if superBlock < firstBelow {
        for _ in 0..<number where first < used {
          guard let address = littleEndian(block, at: place, count: 8),
            listBlock(elements, each.partialValue, from: first, at: address, prefix, [], in: file)
          else { return false }
          first += each.partialValue
          place += 8
        }
        continue
      }
      let below = 14 + inIndex + 8 * Int(blocks + superBlock - firstBelow)
      guard let address = littleEndian(block, at: below, count: 8),
        listSuperBlock(
          elements, number, each.partialValue, from: first, to: used, at: address, prefix, in: file)
      else { return false }
      let (size, overflow) = number.multipliedReportingOverflow(by: each.partialValue)
      guard !overflow, !first.addingReportingOverflow(size).overflow else { return false }
      first += size
    }
    return true
  }

  private mutating func listSuperBlock(
    _ elements: Elements, _ number: UInt64, _ each: UInt64, from first: UInt64, to used: UInt64,
    at address: UInt64, _ prefix: Int, in file: borrowing FileBytes
  ) -> Bool {
    if address == .max { return true }
    let bitBytes = each > elements.page ? (each / elements.page + 7) / 8 : 0
    guard number <= UInt64(limit), bitBytes <= UInt64(FileBytes.maximumCount),
      let head = file.read(
        at: address, count: prefix + Int(number) * (Int(bitBytes) + 8)),
      head.starts(with: "EASB".utf8)
    else { return false }
    for block in 0..<Int(number) {
      let start = first &+ UInt64(block) &* each
      guard start < used else { break }
      let bits = prefix + block * Int(bitBytes)
      let place = prefix + Int(number) * Int(bitBytes) + 8 * block
      guard let address = littleEndian(head, at: place, count: 8),
        listBlock(
          elements, each, from: start, at: address, prefix, head[bits..<bits + Int(bitBytes)],
          in: file)
      else { return false }
    }
    return true
  }

  private mutating func listBlock(
    _ elements: Elements, _ count: UInt64, from first: UInt64, at address: UInt64, _ prefix: Int,
    _ bits: ArraySlice<UInt8>, in file: borrowing FileBytes
  ) -> Bool {
    if address == .max { return true }
    guard count > elements.page else {
      return list(elements, count, from: first, at: address, prefix: prefix, in: file)
    }
    guard let head = file.read(at: address, count: prefix), head.starts(with: "EADB".utf8) else {
      return false
    }
    return listPages(
      elements, count, from: first, at: address &+ UInt64(prefix + 4), bits, in: file)
  }
}
