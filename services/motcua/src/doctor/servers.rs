use motcua_bus::Bus;
use motcua_cache::Cache;
use motcua_files::{ScanPolicy, Scanner};
use motcua_spine::Spine;

use super::{Finding, cause};

/// The servers that all services share.
pub(super) async fn examine(spine: &Spine) -> Vec<Finding> {
    let (bus, cache, scanner) = tokio::join!(bus(spine), cache(spine), scanner(spine));
    vec![bus, cache, scanner]
}

async fn bus(spine: &Spine) -> Finding {
    match Bus::new(&spine.bus.config()).ping().await {
        Ok(()) => Finding::well("bus"),
        Err(fault) => Finding::wrong(
            "bus",
            format!(
                "the broker does not let us in ({}): is RabbitMQ running, are user, password and \
                 virtual host in bus.url right?",
                cause(&fault)
            ),
        ),
    }
}

async fn cache(spine: &Spine) -> Finding {
    match Cache::open(spine.cache.url.expose(), "motcua").await {
        Ok(cache) if cache.is_answering().await => Finding::well("cache"),
        Ok(_) => Finding::wrong(
            "cache",
            "Redis does not answer: is it running, is cache.url right? Work goes on without it, \
             with limits on guessing kept by each process",
        ),
        Err(error) => Finding::wrong("cache", format!("cache.url: {error}")),
    }
}

async fn scanner(spine: &Spine) -> Finding {
    let what = "files.clamd";
    if spine.files.scan == ScanPolicy::Off {
        return Finding::note(what, "papers are not scanned: good for trying out alone");
    }
    match Scanner::clamd(&spine.files.clamd) {
        Ok(scanner) if scanner.is_answering().await => Finding::well(what),
        Ok(_) => Finding::wrong(
            what,
            "ClamAV's daemon does not answer: is it running, has it loaded its signatures, is \
             files.clamd right? Papers wait unserved until it does",
        ),
        Err(error) => Finding::wrong(what, error.to_string()),
    }
}
