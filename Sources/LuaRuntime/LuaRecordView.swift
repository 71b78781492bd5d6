/// A record that is lent to Lua, within ``LuaState/withRecord(_:_:)``.
public struct LuaRecordView: ~Copyable {
    let number: Int32
}
