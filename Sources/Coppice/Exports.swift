// A program that imports Coppice has what a checkpoint is made of.
@_exported public import CoppiceModel
