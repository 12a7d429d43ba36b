import CoppiceJSON
import CoppiceModel

extension OutputTree {
  /// Returns `_METADATA`: the leaves by path, and how the arrays are stored.
  func metadata() throws(CoppiceError) -> [UInt8] {
    var writer = DocumentWriter()
    try writer.object { (writer) throws(CoppiceError) in
      writer.name("tree_metadata")
      try writer.object { (writer) throws(CoppiceError) in
        for entry in entries { try write(entry, to: &writer) }
      }
      writer.name("use_ocdbt")
      writer.bool(usesDatabase)
      writer.name("use_zarr3")
      writer.bool(usesZarr3)
      writer.name("store_array_data_equal_to_fill_value")
      writer.bool(true)
      writer.name("custom_metadata")
      writer.null()
      if let richTypes {
        var text = DocumentWriter()
        try richTypes.write(to: &text)
        writer.name("value_metadata_tree")
        writer.string(String(decoding: text.bytes, as: UTF8.self))
      }
    }
    return writer.bytes
  }

  private func write(
    _ entry: TreeMetadata.Entry, to writer: inout DocumentWriter
  ) throws(CoppiceError) {
    writer.name(PythonText.tuple(entry.keys.map(\.name)))
    try writer.object { (writer) throws(CoppiceError) in
      writer.name("key_metadata")
      try writer.array { (writer) throws(CoppiceError) in
        for key in entry.keys {
          try writer.object { (writer) throws(CoppiceError) in
            writer.name("key")
            writer.string(key.name)
            writer.name("key_type")
            writer.integer(key.isIndex ? 1 : 2)
          }
        }
      }
      writer.name("value_metadata")
      try writer.object { (writer) throws(CoppiceError) in
        writer.name("value_type")
        writer.string(entry.valueType)
        writer.name("skip_deserialize")
        writer.bool(entry.isSkipped)
      }
    }
  }

  /// Returns `_strings.json`, or `nil` for a tree without strings.
  ///
  /// Orbax reads each through the JSON pointer `/<name>`, so that a `/` in a name nests.
  func stringsDocument() throws(CoppiceError) -> [UInt8]? {
    guard !strings.isEmpty else { return nil }
    var root = NestedStrings()
    for (name, text) in strings {
      let steps = name.utf8.split(separator: 0x2F, omittingEmptySubsequences: false).map { step in
        StringValues.unescaped(String(step) ?? "")
      }
      guard root.insert(text, at: steps[...]) else {
        throw CoppiceError(
          .orbaxNameCollision,
          "Orbax can't store the string \"\(name.printable)\" beside one that its name begins with; "
            + "rename one of them")
      }
    }
    var writer = DocumentWriter()
    try root.write(to: &writer)
    return writer.bytes
  }

  /// Returns `_sharding`, or `nil` where no array's sharding is known.
  func shardingDocument() throws(CoppiceError) -> [UInt8]? {
    let known = arrays.compactMap { array in array.sharding.map { (array.name, $0) } }
    guard !known.isEmpty else { return nil }
    var texts: [Sharding: String] = [:]
    var writer = DocumentWriter()
    try writer.object { (writer) throws(CoppiceError) in
      for (name, sharding) in known {
        writer.name(Base64.encode(Array(name.utf8), .url))
        if let text = texts[sharding] {
          writer.string(text)
        } else {
          let text = try sharding.orbaxText()
          texts[sharding] = text
          writer.string(text)
        }
      }
    }
    return writer.bytes
  }

  /// Returns `array_metadatas/process_0`, or `nil` where no array is a random key.
  func arrayMetadatas() throws(CoppiceError) -> [UInt8]? {
    guard arrays.contains(where: { $0.randomKey != nil }) else { return nil }
    var writer = DocumentWriter()
    try writer.object { (writer) throws(CoppiceError) in
      writer.name("array_metadatas")
      try writer.array { (writer) throws(CoppiceError) in
        for array in arrays { try array.writeMetadata(to: &writer) }
      }
    }
    return writer.bytes
  }
}

extension OutputArray {
  fileprivate func writeMetadata(to writer: inout DocumentWriter) throws(CoppiceError) {
    let chunk = JSON.array(chunk.dimensions.map { .integer($0) })
    try writer.object { (writer) throws(CoppiceError) in
      writer.name("array_metadata")
      try writer.object { (writer) throws(CoppiceError) in
        writer.name("param_name")
        writer.string(name)
        writer.name("write_shape")
        try writer.value(chunk)
        writer.name("chunk_shape")
        try writer.value(chunk)
        writer.name("ext_metadata")
        guard let randomKey else { return writer.null() }
        try writer.object { (writer) throws(CoppiceError) in
          writer.name("random_key_impl")
          writer.string(randomKey)
        }
      }
    }
  }
}

extension RichTypes {
  /// Writes the types as `value_metadata_tree` has them.
  fileprivate func write(to writer: inout DocumentWriter) throws(CoppiceError) {
    switch self {
    case .list(let elements):
      try writer.array { (writer) throws(CoppiceError) in
        for element in elements { try element.write(to: &writer) }
      }
    case .dict(let members):
      try writer.object { (writer) throws(CoppiceError) in
        for member in members {
          writer.name(member.name)
          try member.node.write(to: &writer)
        }
      }
    case .leaf(let valueType):
      try writer.object { (writer) throws(CoppiceError) in
        Self.head("custom", "ValueMetadataEntry", &writer)
        writer.name("data")
        try writer.object { (writer) throws(CoppiceError) in
          writer.name("value_type")
          writer.string(valueType)
          writer.name("skip_deserialize")
          writer.bool(TreeStructure.emptyTypes.contains(valueType))
        }
      }
    case .tuple(let elements):
      try writer.object { (writer) throws(CoppiceError) in
        Self.head("custom", "tuple", &writer)
        writer.name("entries")
        try writer.array { (writer) throws(CoppiceError) in
          for element in elements { try element.write(to: &writer) }
        }
      }
    case .namedTuple(let type, let fields):
      try writer.object { (writer) throws(CoppiceError) in
        Self.head("namedtuple", type, &writer)
        writer.name("module")
        writer.string("__main__")
        writer.name("entries")
        try writer.array { (writer) throws(CoppiceError) in
          for field in fields {
            try writer.object { (writer) throws(CoppiceError) in
              writer.name("key")
              writer.string(field.name)
              writer.name("value")
              try field.node.write(to: &writer)
            }
          }
        }
      }
    }
  }

  private static func head(_ category: String, _ type: String, _ writer: inout DocumentWriter) {
    writer.name("category")
    writer.string(category)
    writer.name("clazz")
    writer.string(type)
  }
}
