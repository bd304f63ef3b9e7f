//! A private RabbitMQ with its own port mapper, so that neither a running
//! broker's names nor its `epmd` are shared.

use std::path::Path;

use anyhow::{Result, bail};
use rustix::process::Signal;

use super::{
    Greeting, PASSWORD, Server,
    place::{Place, find},
    port,
    process::Process,
};

/// Debian's `/usr/sbin` wrapper insists on root or `rabbitmq`; this script does not.
const PROGRAM: &str = "/usr/lib/rabbitmq/bin/rabbitmq-server";

/// The protocol header of AMQP 0-9-1, answered by a method frame on channel 0: `Connection.Start`.
const GREETING: Greeting = Greeting { say: b"AMQP\0\0\x09\x01", hear: b"\x01\0\0" };

pub(super) fn start(place: &Place) -> Result<Server> {
    if !Path::new(PROGRAM).exists() {
        bail!("{PROGRAM} is not installed; scripts/packages installs it");
    }
    let folder = place.folder("rabbitmq")?;
    // Debian's own port mapper may run beside it.
    let [port, distribution, mapper, page] = place.ports("RabbitMQ", [5672, 25672, 4370, 15672])?;

    // Started by us in the foreground: one that the broker starts would outlive it.
    let mut epmd = place.command(find("epmd")?, "KILL");
    epmd.args(["-port", &mapper.to_string(), "-address", "127.0.0.1"]);
    let mut epmd = Process::spawn("epmd", epmd, &folder)?;
    epmd.wait_for(|| port::answers(mapper, b"\0\x01n", &u32::from(mapper).to_be_bytes()))?;

    // The page is for people.
    let plugins = if place.lasts() { "[rabbitmq_management].\n" } else { "[].\n" };
    place.file(&folder.join("enabled_plugins"), plugins)?;
    let mut settings = format!(
        "listeners.tcp.1 = 127.0.0.1:{port}\ndisk_free_limit.absolute = 50MB\n\
         default_user = motcua\ndefault_pass = {PASSWORD}\n"
    );
    if place.lasts() {
        let page = format!("management.tcp.ip = 127.0.0.1\nmanagement.tcp.port = {page}\n");
        settings.push_str(&page);
    }
    place.file(&folder.join("rabbitmq.conf"), &settings)?;

    let mut server = place.command(PROGRAM, "KILL");
    server
        .env("HOME", &folder)
        .env("RABBITMQ_NODENAME", format!("motcua{port}@localhost"))
        .env("RABBITMQ_NODE_IP_ADDRESS", "127.0.0.1")
        .env("RABBITMQ_NODE_PORT", port.to_string())
        .env("RABBITMQ_DIST_PORT", distribution.to_string())
        .env("RABBITMQ_MNESIA_BASE", folder.join("data"))
        .env("RABBITMQ_LOG_BASE", folder.join("log"))
        .env("RABBITMQ_LOGS", "-")
        .env("RABBITMQ_ENABLED_PLUGINS_FILE", folder.join("enabled_plugins"))
        .env("RABBITMQ_CONFIG_FILE", folder.join("rabbitmq"))
        .env("RABBITMQ_PID_FILE", folder.join("pid"))
        .env("RABBITMQ_CONF_ENV_FILE", "/dev/null")
        // One scheduler that does not spin: the tests need the processors more.
        .env("RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", "+S 1:1 +sbwt none -start_epmd false")
        // Makes the script become the broker, so that the broker itself is our child.
        .env("RUNNING_UNDER_SYSTEMD", "true")
        .env("ERL_EPMD_PORT", mapper.to_string())
        .env("ERL_EPMD_ADDRESS", "127.0.0.1");
    let mut server = Process::spawn("rabbitmq", server, &folder)?;
    if place.lasts() {
        server = server.ended_by(Signal::TERM);
    }
    let url = format!("amqp://motcua:{PASSWORD}@127.0.0.1:{port}/%2f");
    Ok(Server {
        name: "RabbitMQ",
        variable: ("MOTCUA_TEST_AMQP", url),
        port,
        greeting: GREETING,
        processes: vec![epmd, server],
    })
}
