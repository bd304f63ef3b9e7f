//! Against a real collector's protocol, and against none.

use std::{fmt::Write as _, time::Instant};

use opentelemetry_proto::tonic::{
    collector::{
        logs::v1::{
            ExportLogsServiceRequest, ExportLogsServiceResponse,
            logs_service_server::{LogsService, LogsServiceServer},
        },
        metrics::v1::{
            ExportMetricsServiceRequest, ExportMetricsServiceResponse,
            metrics_service_server::{MetricsService, MetricsServiceServer},
        },
        trace::v1::{
            ExportTraceServiceRequest, ExportTraceServiceResponse,
            trace_service_server::{TraceService, TraceServiceServer},
        },
    },
    resource::v1::Resource,
};
use tokio::{net::TcpListener, sync::mpsc};
use tokio_stream::wrappers::TcpListenerStream;
use tonic::{Request, Response, Status};
use url::Url;

use super::*;

/// What a collector was told: names of spans and metrics, traces of lines, each with its resource.
#[derive(Clone)]
struct Collector(mpsc::UnboundedSender<(String, Resource)>);

#[tonic::async_trait]
impl TraceService for Collector {
    async fn export(
        &self,
        request: Request<ExportTraceServiceRequest>,
    ) -> Result<Response<ExportTraceServiceResponse>, Status> {
        for of in request.into_inner().resource_spans {
            let resource = of.resource.unwrap_or_default();
            for span in of.scope_spans.into_iter().flat_map(|scope| scope.spans) {
                let _ = self.0.send((span.name, resource.clone()));
            }
        }
        Ok(Response::new(ExportTraceServiceResponse::default()))
    }
}

#[tonic::async_trait]
impl MetricsService for Collector {
    async fn export(
        &self,
        request: Request<ExportMetricsServiceRequest>,
    ) -> Result<Response<ExportMetricsServiceResponse>, Status> {
        for of in request.into_inner().resource_metrics {
            let resource = of.resource.unwrap_or_default();
            for metric in of.scope_metrics.into_iter().flat_map(|scope| scope.metrics) {
                let _ = self.0.send((metric.name, resource.clone()));
            }
        }
        Ok(Response::new(ExportMetricsServiceResponse::default()))
    }
}

#[tonic::async_trait]
impl LogsService for Collector {
    async fn export(
        &self,
        request: Request<ExportLogsServiceRequest>,
    ) -> Result<Response<ExportLogsServiceResponse>, Status> {
        for of in request.into_inner().resource_logs {
            let resource = of.resource.unwrap_or_default();
            for line in of.scope_logs.into_iter().flat_map(|scope| scope.log_records) {
                let mut told = format!("{:?} in ", line.body);
                for octet in &line.trace_id {
                    let _ = write!(told, "{octet:02x}");
                }
                let _ = self.0.send((told, resource.clone()));
            }
        }
        Ok(Response::new(ExportLogsServiceResponse::default()))
    }
}

#[expect(clippy::disallowed_methods, reason = "the test's collector ends with the test")]
async fn collector() -> (Url, mpsc::UnboundedReceiver<(String, Resource)>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
    let (told, hears) = mpsc::unbounded_channel();
    let served = tonic::transport::Server::builder()
        .add_service(TraceServiceServer::new(Collector(told.clone())))
        .add_service(MetricsServiceServer::new(Collector(told.clone())))
        .add_service(LogsServiceServer::new(Collector(told)))
        .serve_with_incoming(TcpListenerStream::new(listener));
    tokio::spawn(served);
    (url, hears)
}

fn program() -> Program {
    Program { name: "motcua".into(), version: "1.2.3".into(), instance: "test-1".into() }
}

fn options(endpoint: Option<Url>) -> Options {
    Options { log: "off".into(), otlp_endpoint: endpoint, ..Options::default() }
}

fn has(resource: &Resource, key: &str, value: &str) -> bool {
    resource.attributes.iter().any(|attribute| {
        attribute.key == key && format!("{:?}", attribute.value).contains(&format!("{value:?}"))
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn spans_and_metrics_arrive_when_the_guard_is_dropped() {
    let (url, mut hears) = collector().await;
    let (subscriber, guard) = prepare(&options(Some(url)), &program()).unwrap();
    {
        let _default = subscriber.set_default();
        tracing::info_span!("rpc intake", dossier = "018f").in_scope(|| tracing::info!("done"));
        tracing::info_span!(target: "sqlx::query", "never sent").in_scope(|| ());
    }
    let meter = guard.metrics.meter("motcua");
    meter.u64_counter("dossiers").build().add(3, &[]);
    tokio::task::spawn_blocking(move || drop(guard)).await.unwrap();

    let mut names = Vec::new();
    while let Ok((name, resource)) = hears.try_recv() {
        assert!(has(&resource, "service.name", "motcua"), "{resource:?}");
        assert!(has(&resource, "service.version", "1.2.3"), "{resource:?}");
        assert!(has(&resource, "service.instance.id", "test-1"), "{resource:?}");
        names.push(name);
    }
    names.sort();
    assert_eq!(names, ["dossiers", "motcua.telemetry.dropped", "rpc intake"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lines_arrive_with_their_trace_where_they_are_wanted() {
    for wanted in [true, false] {
        let (url, mut hears) = collector().await;
        let options = Options { log: "info".into(), otlp_logs: wanted, ..options(Some(url)) };
        let (subscriber, guard) = prepare(&options, &program()).unwrap();
        let trace = {
            let _default = subscriber.set_default();
            let span = tracing::info_span!("rpc");
            let trace = crate::trace_id(&span).unwrap();
            span.in_scope(|| tracing::info!("a line"));
            tracing::debug!("is filtered");
            tracing::error!(target: "opentelemetry_sdk", "would beget more");
            trace
        };
        tokio::task::spawn_blocking(move || drop(guard)).await.unwrap();
        let mut lines = Vec::new();
        while let Ok((name, _)) = hears.try_recv() {
            lines.extend(name.contains(" in ").then_some(name));
        }
        assert_eq!(lines.len(), usize::from(wanted), "{lines:?}");
        let whole = |line: &String| line.contains("a line") && line.ends_with(&trace);
        assert!(lines.iter().all(whole), "{lines:?} {trace}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_collector_that_is_away_costs_next_to_nothing() {
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let url = format!("http://{free}").parse().unwrap();
    let (subscriber, guard) = prepare(&options(Some(url)), &program()).unwrap();
    let start = Instant::now();
    {
        let _default = subscriber.set_default();
        for number in 0..20_000 {
            tracing::info_span!("work", number).in_scope(|| ());
        }
    }
    assert!(start.elapsed() < Duration::from_secs(5), "work took {:?}", start.elapsed());
    let lost = |text: &str| {
        let line = text.lines().find(|line| line.contains("spans") && line.contains("no_room"));
        line.and_then(|line| line.rsplit(' ').next()).and_then(|n| n.parse::<f64>().ok())
    };
    let told = prometheus::TextEncoder::new().encode_to_string(&guard.registry.gather()).unwrap();
    assert!(lost(&told).is_some_and(|count| count > 0.0), "what is dropped is counted: {told}");
    let start = Instant::now();
    tokio::task::spawn_blocking(move || drop(guard)).await.unwrap();
    assert!(start.elapsed() < 3 * FLUSH, "the end took {:?}", start.elapsed());
}

#[tokio::test]
async fn without_a_collector_nothing_is_recorded_and_traces_still_have_ids() {
    let (subscriber, _guard) = prepare(&options(None), &program()).unwrap();
    let _default = subscriber.set_default();
    let span = tracing::info_span!("work");
    assert!(crate::trace_id(&span).is_some());
    let traceparent = span.in_scope(crate::current_traceparent).unwrap();
    assert!(traceparent.ends_with("-00"), "not sampled: {traceparent}");
}

#[test]
fn what_cannot_be_read_is_told_at_start() {
    let bad = Options { log: "motcua=loudly".into(), ..Options::default() };
    assert!(matches!(prepare(&bad, &program()), Err(InitError::Filter(_))));
}
