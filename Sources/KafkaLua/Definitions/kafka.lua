---@meta kafka

-- What scripts of kafka-lua see, for language servers that read LuaCATS annotations. Written by
-- `kafka-lua lua-definitions`; put it where your editor looks for libraries, as in .luarc.json:
--
--   { "runtime.version": "Lua 5.4", "workspace.library": ["kafka.lua"] }
--
-- Times are in seconds, but for timestamps, which are integer milliseconds since 1970. Partitions count from 0.
-- Operational failures come back as nil and an error; misuse raises.

---The producer for Kafka, and what scripts that use it need. `require "kafka"` gives it; it is a global too.
---@class kafka
---@field null kafka.null A value that is there and is null: the value of a tombstone.
---@field json kafka.json
---@field shared kafka.shared
---@field worker? kafka.worker In a worker, which one it is; otherwise nil.
local kafka = {}

---A value that is there and is null, where nil would be one that was left out.
---@class kafka.null

---What went wrong. Prints as its name and message.
---@class kafka.error
---@field name string Kafka's name, such as `TOPIC_AUTHORIZATION_FAILED`.
---@field code integer Kafka's number for it.
---@field message string What happened, and what to do.
---@field retriable boolean Whether the same may work later.
---@field fatal boolean Whether the producer is of no more use.
---@field abortable boolean Whether the transaction has to be aborted, and another may be begun.

---Where a record lies.
---@class kafka.metadata
---@field topic string
---@field partition integer −1 if none was chosen.
---@field offset integer −1 if it is not known.
---@field timestamp integer Milliseconds since 1970; −1 if it is not known.
---@field key_size integer Bytes; −1 without a key.
---@field value_size integer Bytes; −1 without a value.
---@field generation? integer Which version of the partitioner placed it.

---Headers by name, or a list of names and values, which keeps order and duplicates.
---@alias kafka.headers table<string, string|kafka.null>|(string|kafka.null)[][]

---A record to send.
---@class kafka.record
---@field topic string
---@field key? any A string, unless there is a `key_serializer`.
---@field value any A string, unless there is a `value_serializer`; `kafka.null` is a tombstone.
---@field headers? kafka.headers
---@field partition? integer From 0; nil leaves the choice to the partitioner.
---@field timestamp? integer Milliseconds since 1970; nil is now.

---Called on the script's thread once a record has been stored or has failed, where the script waits or sends.
---@alias kafka.callback fun(metadata: kafka.metadata, err?: kafka.error, record?: kafka.record)

---The name of a serializer. `list<int64>` and the like are lists of the others.
---@alias kafka.serializer
---| "string"
---| "bytes"
---| "int16"
---| "int32"
---| "int64"
---| "float"
---| "double"
---| "bool"
---| "uuid"
---| "void"
---| "json"
---| string

---A token for SASL/OAUTHBEARER.
---@class kafka.token
---@field token string
---@field lifetime_ms? number When it ends, in milliseconds since 1970.
---@field principal? string
---@field extensions? table<string, string>

---What a producer is made from: Kafka's dotted keys, and these.
---@class kafka.config
---@field partitioner? string The name of a partitioner that is built in, or a Lua file that returns one.
---@field interceptors? string|string[] Lua files that return interceptors, in their order.
---@field key_serializer? kafka.serializer|fun(key: any, topic: string, headers?: kafka.headers): string|kafka.null
---@field value_serializer? kafka.serializer|fun(value: any, topic: string, headers?: kafka.headers): string|kafka.null
---@field oauth? fun(): kafka.token Gives tokens for SASL/OAUTHBEARER.
---@field [string] string|number|boolean|string[]

---A producer with a configuration of its own, over that of the command line, which it overrides key by key.
---@param config? kafka.config
---@return kafka.producer
function kafka.producer(config) end

---The plugins in force, of all producers.
---@return kafka.script[]
function kafka.scripts() end

---The time of day, in milliseconds since 1970.
---@return integer
function kafka.now() end

---The time on a clock that nobody sets, in seconds from an instant in the past: for what takes how long.
---@return number
function kafka.clock() end

---Waits. Callbacks and timers run meanwhile.
---@param seconds number
function kafka.sleep(seconds) end

---Runs the callbacks and timers that are due.
function kafka.poll() end

---Calls a function again and again, where the script waits or sends. It keeps its beat, and leaves out those that it
---missed. What it raises is reported, and it goes on. Timers end with the script.
---@param seconds number From one call to the next.
---@param fn fun(timer: kafka.timer)
---@return kafka.timer
function kafka.every(seconds, fn) end

---@class kafka.rate.options
---@field duration? number Seconds after which the loop ends; nil goes on for ever.
---@field schedule? "open"|"closed" Whether what was missed is caught up with, which is the default, or lost.

---Loops at a steady rate: gives the number of each record, and when it was due. In an open loop that is so however late
---the loop is, so a latency that counts from there leaves no waiting out. In a worker the rate is that of all workers
---together. Callbacks and timers run while it waits.
---```lua
---for i, due in kafka.rate(20000, { duration = 30 }) do … latency:record_since(due) … end
---```
---@param per_second number
---@param options? kafka.rate.options
---@return fun(): integer?, number?
function kafka.rate(per_second, options) end

---@class kafka.histogram.options
---@field lowest? number The smallest difference that is told apart; 1e-6 if it is left out.
---@field digits? integer How many digits of a value are kept, from 1 to 5; 3 if it is left out.

---Counts values, such as latencies in seconds, by HdrHistogram.
---@param options? kafka.histogram.options
---@return kafka.histogram
function kafka.histogram(options) end

---Reads lines: gives each without its `\n`, and its number. Callbacks and timers run while nothing comes.
---@param file? string|file* A path; `-`, `io.stdin` or nothing for standard input.
---@return fun(): string?, integer?
function kafka.lines(file) end

---@class kafka.csv.options
---@field header? boolean|string[] Whether the first row has the names of the columns, which is the default; or the names.
---@field separator? string One character; a comma if it is left out.
---@field quote? string One character; a double quote if it is left out.
---@field limit? integer How many bytes a row may have; 16 MiB if it is left out.

---Reads comma-separated values (RFC 4180): gives each row, by the names of the columns or as a list, and the line on
---which it begins. Empty lines are left out. What is wrong is raised with its line.
---@param file? string|file* A path; `-`, `io.stdin` or nothing for standard input.
---@param options? kafka.csv.options
---@return fun(): table<string|integer, string>?, integer?
function kafka.csv(file, options) end

---@class kafka.workers.options
---@field args? any[] What the script gets as `...` and in `arg`: copies of plain values and histograms.

---Runs a script in workers, each with a Lua state, a thread and producers of its own. The first that fails ends the
---others; `wait` raises its error, or else the end of the script tells it. Producers with a `transactional.id` need one
---for each worker: put `kafka.worker.index` into it.
---@param count integer From 1 to 64.
---@param file string
---@param options? kafka.workers.options
---@return kafka.workers
function kafka.workers(count, file, options) end

---The bytes of a value, as a producer with that serializer sends them.
---@param serializer kafka.serializer
---@param value any
---@return string
function kafka.serialize(serializer, value) end

---The value whose bytes these are.
---@param serializer kafka.serializer
---@param bytes string
---@return any
function kafka.deserialize(serializer, bytes) end

-- ---------------------------------------------------------------------------------------------------------------------

---JSON: integers and floats stay apart, null is `kafka.null`.
---@class kafka.json
---@field null kafka.null
kafka.json = {}

---The text of a value. Keys are sorted; an empty table is an object, unless `kafka.json.array` made it.
---@param value any
---@return string
function kafka.json.encode(value) end

---The value of a text.
---@param text string
---@return any
function kafka.json.decode(text) end

---A copy of a list that is an array even when it is empty.
---@param list? any[]
---@return any[]
function kafka.json.array(list) end

---Values by name that a script and its workers share: plain values and histograms, of which each gets copies.
---@class kafka.shared
kafka.shared = {}

---@param name string
---@return any
function kafka.shared.get(name) end

---@param name string
---@param value any nil takes it away.
function kafka.shared.set(name, value) end

---Adds to a number, and gives the sum. No other worker comes in between.
---@param name string What is not there counts as 0.
---@param amount? number 1 if it is left out.
---@return number
function kafka.shared.incr(name, amount) end

---@class kafka.worker
---@field index integer From 1.
---@field count integer

-- ---------------------------------------------------------------------------------------------------------------------

---@alias kafka.role "partitioner"|"interceptor"|"serializer"

---What a plugin's hooks see of a record. It is gone when the hook returns.
---@class kafka.record_view
---@field topic string
---@field key? string
---@field value? string nil for a tombstone.
---@field headers table<string, string>|(string)[][]
---@field timestamp? integer
---@field partition? integer
---@field key_is fun(self: kafka.record_view, key: string): boolean Whether the key is that, without making a string of it.
---@field hash fun(self: kafka.record_view): integer The key's murmur2 hash without its sign, as Java's partitioner takes it.

---What the file of a plugin returns: any of these that make sense.
---@class kafka.plugin
---@field name? string
---@field version? string|number
---@field configure? fun(config: table)
---@field partition? fun(record: kafka.record_view, count: integer): integer? From 0; nil leaves it to the built-in partitioner.
---@field partition_by? "key" The partition depends on topic, key and count alone: `partition` sees nothing else of a record, and what it answers is remembered until the next swap.
---@field on_new_batch? fun(topic: string, previous: integer) Not with `partition_by`.
---@field on_send? fun(record: kafka.record_view) May change the record.
---@field on_ack? fun(metadata: kafka.metadata, err?: kafka.error)
---@field serialize? fun(topic: string, value: any, headers: table<string, string>): string|kafka.null
---@field on_unload? fun(): any Plain data for the version that comes next.
---@field on_load? fun(state: any, old_version?: string)

---How a plugin runs, in `swap` and in `kafka.producer{ partitioner = { "vip.lua", instances = 2 } }`.
---@class kafka.plugin_options
---@field on_error? "fail"|"default" Whether a record that the script fails with fails, or is left to the built-in way.
---@field rollback_after? integer So many errors within a second bring the version before back.
---@field instances? integer How many Lua states share the work: 1 to 64, for scripts that keep nothing.
---@field memory_limit? integer Bytes a state may hold; 64 MiB.
---@field time_limit_ms? integer Processor time a call may take; 100.
---@field config? table What `configure` is called with.

---@class kafka.swap_options: kafka.plugin_options
---@field drain? "none"|"keys"|"flush" What is waited for: nothing; with each record, those that older versions placed; all that was sent before.

---A plugin that is in force.
---@class kafka.script
---@field producer string Its client.id.
---@field role kafka.role
---@field file string
---@field name string
---@field version? string
---@field generation integer
---@field instances integer
---@field errors integer
---@field rollbacks integer
---@field memory integer Bytes.

---@class kafka.producer
local producer = {}

---Sends a record. Waits for memory and metadata, at most for `max.block.ms`; callbacks and timers run meanwhile.
---@param record kafka.record
---@param callback? kafka.callback
---@return kafka.future?, kafka.error?
---@overload fun(self: kafka.producer, topic: string, key: any, value: any, callback?: kafka.callback): kafka.future?, kafka.error?
function producer:send(record, callback) end

---Sends what lingers, and waits until all records have been stored or have failed.
---@param seconds? number How long to wait at most.
---@return true?, kafka.error?
function producer:flush(seconds) end

---Flushes, and ends the producer. What is left when the time is up fails.
---@param seconds? number How long to wait at most.
---@return true?, kafka.error?
function producer:close(seconds) end

---What the producer has measured, by the names of Java's metrics; `topics` and `nodes` have those of each.
---@return table<string, any>
function producer:metrics() end

---How many partitions a topic has.
---@param topic string
---@return integer?, kafka.error?
function producer:partitions(topic) end

---Runs a function in a transaction: what it returns is returned once all is committed, and what it raises aborts.
---@generic T
---@param body fun(tx: kafka.transaction): T
---@return T
function producer:transaction(body) end

---Puts another version in the place of the one that runs. Where it does not load, or its first call goes wrong, the old
---one goes on as if nothing had happened. Within a transaction it takes effect at the end of that.
---@param role kafka.role
---@param file string|string[] A list for interceptors. Options may stand in it beside the files.
---@param options? kafka.swap_options Those of the version before, where they are left out.
---@return integer? generation, kafka.error?
function producer:swap(role, file, options) end

---Brings back the version before.
---@param role kafka.role
---@return integer? generation, kafka.error?
function producer:rollback(role) end

---How many versions a role has had; 0 before the first.
---@param role kafka.role
---@return integer
function producer:generation(role) end

---The plugins in force.
---@return kafka.script[]
function producer:scripts() end

---Whether files of plugins that change are swapped in by themselves. Without an argument it begins.
---@param on? boolean
---@return boolean on
function producer:watch(on) end

---The step of Java's producer, for whoever does not use `transaction`.
---@return true?, kafka.error?
function producer:init_transactions() end

---@return true?, kafka.error?
function producer:begin_transaction() end

---@param offsets kafka.offset[]
---@param group string|kafka.group
---@return true?, kafka.error?
function producer:send_offsets_to_transaction(offsets, group) end

---@return true?, kafka.error?
function producer:commit_transaction() end

---@return true?, kafka.error?
function producer:abort_transaction() end

---How far a consumer group has come in a partition.
---@class kafka.offset
---@field topic string
---@field partition integer
---@field offset integer The next one to be read.
---@field leader_epoch? integer
---@field metadata? string

---@class kafka.group
---@field group_id string
---@field generation_id? integer
---@field member_id? string
---@field group_instance_id? string

---A transaction, within the function that was given to `transaction`.
---@class kafka.transaction
local scope = {}

---@param record kafka.record
---@param callback? kafka.callback
---@return kafka.future?, kafka.error?
---@overload fun(self: kafka.transaction, topic: string, key: any, value: any, callback?: kafka.callback): kafka.future?, kafka.error?
function scope:send(record, callback) end

---Commits a consumer group's offsets with the transaction.
---@param offsets kafka.offset[]
---@param group string|kafka.group
---@return true?, kafka.error?
function scope:send_offsets(offsets, group) end

---What becomes of a record.
---@class kafka.future
local future = {}

---Waits for the record. Callbacks and timers run meanwhile.
---@param seconds? number How long to wait at most.
---@return kafka.metadata?, kafka.error?
function future:get(seconds) end

---@return boolean
function future:done() end

---@param fn fun(metadata: kafka.metadata, err?: kafka.error)
function future:on_done(fn) end

---@class kafka.timer
local timer = {}

function timer:cancel() end

---@return boolean
function timer:active() end

---@class kafka.histogram
local histogram = {}

---@param value number 0 or more.
---@param count? integer How often; 1 if it is left out.
function histogram:record(value, count) end

---Records how many seconds have passed since a time of `kafka.clock` or `kafka.rate`.
---@param due number
function histogram:record_since(due) end

---Records a value, and those that a loop which waited for it did not see (coordinated omission).
---@param value number
---@param expected_interval number How far apart values were to be.
function histogram:record_corrected(value, expected_interval) end

---The value that so many percent of all values do not exceed; 0 if there are none.
---@param percentile number From 0 to 100.
---@return number
function histogram:percentile(percentile) end

---@return integer
function histogram:count() end

---@return number
function histogram:min() end

---@return number
function histogram:max() end

---@return number
function histogram:mean() end

---@return number
function histogram:stddev() end

---Adds the values of another one, which has the same `lowest` and `digits`.
---@param other kafka.histogram
function histogram:merge(other) end

---Forgets all values.
function histogram:reset() end

---@class kafka.workers
local workers = {}

---Waits for all, and gives a list of the first result of each. Callbacks and timers run meanwhile. The first error of a
---worker is raised, with its traceback.
---@param seconds? number How long to wait at most.
---@return any[]?, kafka.error?
function workers:wait(seconds) end

---@return boolean
function workers:done() end

---Interrupts those that run.
function workers:stop() end

-- ---------------------------------------------------------------------------------------------------------------------

---Sends a record by the producer of the globals, which is made on first use.
---@param record kafka.record
---@param callback? kafka.callback
---@return kafka.future?, kafka.error?
---@overload fun(topic: string, key: any, value: any, callback?: kafka.callback): kafka.future?, kafka.error?
function send(record, callback) end

---@param seconds? number How long to wait at most.
---@return true?, kafka.error?
function flush(seconds) end

---@generic T
---@param body fun(tx: kafka.transaction): T
---@return T
function transaction(body) end

---Puts another version in the place of the one that runs. Where it does not load, or its first call goes wrong, the old
---one goes on as if nothing had happened. Within a transaction it takes effect at the end of that.
---@param role kafka.role
---@param file string|string[] A list for interceptors. Options may stand in it beside the files.
---@param options? kafka.swap_options Those of the version before, where they are left out.
---@return integer? generation, kafka.error?
function swap(role, file, options) end

---Brings back the version before.
---@param role kafka.role
---@return integer? generation, kafka.error?
function rollback(role) end

---How many versions a role has had; 0 before the first.
---@param role kafka.role
---@return integer
function generation(role) end

---The plugins in force.
---@return kafka.script[]
function scripts() end

---Whether files of plugins that change are swapped in by themselves. Without an argument it begins.
---@param on? boolean
---@return boolean on
function watch(on) end

---A record that was read.
---@class kafka.consumed
---@field topic string
---@field partition integer
---@field offset integer
---@field timestamp integer Milliseconds since 1970.
---@field key any nil without a key.
---@field value any `kafka.null` for a tombstone.
---@field headers? (string|kafka.null)[][]
---@field key_error? string Why the deserializer did not take the key, which is left as bytes.
---@field value_error? string

---@class kafka.tail.options
---@field key_deserializer? kafka.serializer|fun(bytes: string, topic: string): any
---@field value_deserializer? kafka.serializer|fun(bytes: string, topic: string): any

---The last records of a topic, of all partitions together, oldest first.
---@param topic string
---@param count? integer From 1 to 100000; 10 if it is left out.
---@param options? kafka.tail.options
---@return kafka.consumed[]?, kafka.error?
function tail(topic, count, options) end

---The names of all topics.
---@return string[]?, kafka.error?
function topics() end

-- The keys of configurations follow, and what the module returns.
