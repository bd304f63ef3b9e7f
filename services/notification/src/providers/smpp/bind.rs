use std::time::Duration;

use anyhow::{Context, bail, ensure};
use futures::{SinkExt, StreamExt};
use rusmpp::{Command, CommandId, CommandStatus, tokio_codec::CommandCodec};
use tokio::net::TcpStream;
use tokio_util::codec::Framed;

use super::{Way, pdu};

/// A connection that speaks the protocol.
pub(super) type Line = Framed<TcpStream, CommandCodec>;

/// The number of our first request on every connection.
pub(super) const FIRST: u32 = 1;

/// Connects and says who we are. An answer that never comes is an error.
pub(super) async fn bind(way: &Way) -> anyhow::Result<Line> {
    let bound = async {
        let stream = TcpStream::connect(&way.address).await.context("no connection")?;
        stream.set_nodelay(true)?;
        let mut line = Framed::new(stream, CommandCodec::new());
        let bind = pdu::bind(&way.config).context("the settings do not fit the protocol")?;
        line.send(Command::new(CommandStatus::EsmeRok, FIRST, bind)).await?;
        loop {
            let answer = line.next().await.context("the connection ended")?;
            let answer = answer.map_err(|_| anyhow::anyhow!("what came is not the protocol"))?;
            match answer.id() {
                CommandId::BindTransceiverResp => {
                    let status = answer.status();
                    ensure!(status == CommandStatus::EsmeRok, "refused: {status:?}");
                    return Ok(line);
                }
                CommandId::GenericNack => bail!("refused: {:?}", answer.status()),
                // Whatever else it says before that is not for us yet.
                _ => {}
            }
        }
    };
    tokio::time::timeout(way.patience(), bound).await.context("no answer")?
}

/// How long to wait after so many connections in a row that came to nothing: doubling, and
/// never quite the same, so that those who lost it together do not come back together.
pub(super) fn pause(failures: u32) -> Duration {
    const FIRST: Duration = Duration::from_secs(1);
    const LONGEST: Duration = Duration::from_mins(1);
    let full = FIRST.saturating_mul(1 << failures.min(10)).min(LONGEST);
    full.mul_f64(rand::random_range(0.5..=1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_differ_and_end() {
        for (failures, longest) in [(0, 1), (1, 2), (5, 32), (6, 60), (u32::MAX, 60)] {
            let longest = Duration::from_secs(longest);
            for _ in 0..100 {
                let pause = pause(failures);
                assert!(pause <= longest && pause >= longest / 2, "{failures}: {pause:?}");
            }
        }
    }
}
