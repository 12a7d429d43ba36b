import CCoppiceHDF5

/// A group or a dataset: an object that has attributes.
package protocol HDF5Object: ~Copyable, Sendable {
  /// libhdf5's identifier, for this module's use.
  var objectID: Int64 { get }
}

/// The kind and identity of an object.
package struct ObjectInfo: Hashable, Sendable {
  /// The kinds of objects that a file holds.
  package enum Kind: Hashable, Sendable { case group, dataset, datatype, unknown }

  package var kind: Kind
  /// The address of the object's header: two links to one object give one address.
  package var address: UInt64
  /// The number of hard links to the object.
  package var linkCount: UInt32
  /// The number of attributes.
  package var attributeCount: UInt64

  /// The values that libhdf5 fills in.
  struct Facts {
    var address: UInt64 = 0
    var type: Int32 = 0
    var links: UInt32 = 0
    var attributes: UInt64 = 0
  }

  init(_ fill: (inout Facts) -> herr_t) throws(HDF5Error) {
    var facts = Facts()
    _ = try HDF5Library.call { fill(&facts) }
    address = facts.address
    linkCount = facts.links
    attributeCount = facts.attributes
    switch H5O_type_t(rawValue: facts.type) {
    case H5O_TYPE_GROUP: self.kind = .group
    case H5O_TYPE_DATASET: self.kind = .dataset
    case H5O_TYPE_NAMED_DATATYPE: self.kind = .datatype
    default: self.kind = .unknown
    }
  }
}

extension HDF5Object where Self: ~Copyable {
  /// Returns the kind and identity of the object.
  package func info() throws(HDF5Error) -> ObjectInfo {
    let id = objectID
    return try ObjectInfo {
      unsafe chdf5_o_get_info(id, &$0.address, &$0.type, &$0.links, &$0.attributes)
    }
  }
}
