//! A private Redis that writes nothing to disk.

use anyhow::Result;

use super::{
    Greeting, Server,
    place::{Place, find},
    process::Process,
};

pub(super) fn start(place: &Place) -> Result<Server> {
    let folder = place.folder("redis")?;
    let [port] = place.ports("Redis", [6379])?;
    let mut server = place.command(find("redis-server")?, "KILL");
    server.args(["--port", &port.to_string(), "--bind", "127.0.0.1"]);
    server.args(["--save", "", "--appendonly", "no", "--dir"]).arg(&folder);
    Ok(Server {
        name: "Redis",
        variable: ("MOTCUA_TEST_REDIS", format!("redis://127.0.0.1:{port}/")),
        port,
        greeting: Greeting { say: b"PING\r\n", hear: b"+PONG" },
        processes: vec![Process::spawn("redis", server, &folder)?],
    })
}
