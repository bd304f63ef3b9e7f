use std::{collections::HashMap, sync::Arc};

use futures::{TryStreamExt, future::BoxFuture};
use http::{Request, Response};
use motcua_fault::Fault;
use motcua_rpc::Wire;
use prost::Message;
use tonic::{Status, Streaming, body::Body, server::Grpc};
use tonic_prost::ProstCodec;
use tower::{service_fn, util::BoxCloneSyncService};

type Method = Arc<dyn Fn(Request<Body>) -> BoxFuture<'static, Response<Body>> + Send + Sync>;

/// A neighbour that a test plays: it speaks real gRPC and answers what it was told to.
#[derive(Clone, Default)]
pub struct Neighbour {
    methods: HashMap<&'static str, Method>,
}

impl Neighbour {
    /// One that answers UNIMPLEMENTED to everything.
    pub fn new() -> Self {
        Self::default()
    }

    /// Answers the method at an HTTP/2 path, `/motcua.catalog.v1.CatalogService/GetAgency`.
    #[must_use]
    pub fn on<Q, A, F>(mut self, path: &'static str, answer: F) -> Self
    where
        Q: Message + Default + 'static,
        A: Message + Default + 'static,
        F: Fn(Q) -> Result<A, Fault> + Send + Sync + 'static,
    {
        assert!(motcua_proto::method(path).is_some(), "there is no method {path}");
        let answer = Arc::new(answer);
        let method = move |request: Request<Body>| -> BoxFuture<'static, Response<Body>> {
            let answer = answer.clone();
            Box::pin(async move {
                let handler = service_fn(move |request: tonic::Request<Q>| {
                    let answered = answer(request.into_inner());
                    async move { motcua_rpc::reply(answered) }
                });
                Grpc::new(ProstCodec::<A, Q>::default()).unary(handler, request).await
            })
        };
        self.methods.insert(path, Arc::new(method));
        self
    }

    /// Answers what `other` answers too, and does so as `other` does.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.methods.extend(other.methods);
        self
    }

    /// Answers an upload at an HTTP/2 path, once all of it has come.
    #[must_use]
    pub fn on_upload<Q, A, F>(mut self, path: &'static str, answer: F) -> Self
    where
        Q: Message + Default + 'static,
        A: Message + Default + 'static,
        F: Fn(Vec<Q>) -> Result<A, Fault> + Send + Sync + 'static,
    {
        assert!(motcua_proto::method(path).is_some(), "there is no method {path}");
        let answer = Arc::new(answer);
        let method = move |request: Request<Body>| -> BoxFuture<'static, Response<Body>> {
            let answer = answer.clone();
            Box::pin(async move {
                let handler = service_fn(move |request: tonic::Request<Streaming<Q>>| {
                    let answer = answer.clone();
                    async move {
                        let pieces: Vec<Q> = request.into_inner().try_collect().await?;
                        motcua_rpc::reply(answer(pieces))
                    }
                });
                Grpc::new(ProstCodec::<A, Q>::default()).client_streaming(handler, request).await
            })
        };
        self.methods.insert(path, Arc::new(method));
        self
    }

    /// The way to it.
    pub fn wire(self) -> Wire {
        let methods = Arc::new(self.methods);
        BoxCloneSyncService::new(service_fn(move |request: Request<Body>| {
            let method = methods.get(request.uri().path()).cloned();
            async move {
                match method {
                    Some(method) => Ok(method(request).await),
                    None => Err(Status::unimplemented(request.uri().path().to_owned())),
                }
            }
        }))
    }
}
