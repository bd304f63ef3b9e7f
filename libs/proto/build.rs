//! Compiles `proto/` without `protoc`, and writes beside the generated code two
//! tables that are read from the contracts: each method's access rule, and the
//! messages that carry a `request_id`.

use std::{env, error::Error, fmt::Write, fs, path::Path, path::PathBuf};

use prost_reflect::{DescriptorPool, DynamicMessage, MessageDescriptor, Value};

#[expect(clippy::disallowed_methods, reason = "how Cargo speaks to a build script")]
fn main() -> Result<(), Box<dyn Error>> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("../../proto");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    println!("cargo:rerun-if-changed={}", root.display());

    let mut files = Vec::new();
    collect(&root, &root, &mut files)?;
    files.sort();
    let mut compiler = protox::Compiler::new([&root])?;
    compiler.include_imports(true).include_source_info(true);
    for file in &files {
        compiler.open_file(file)?;
    }
    // The encoded form keeps the access options; the decoded one loses them.
    let bytes = compiler.encode_file_descriptor_set();
    fs::write(out.join("descriptors.bin"), &bytes)?;

    let pool = DescriptorPool::decode(bytes.as_slice())?;
    fs::write(out.join("tables.rs"), tables(&pool)?)?;
    fs::write(out.join("packages.rs"), packages(&pool)?)?;

    // Type names are the event types on the bus; clients connect through `motcua_rpc` alone.
    let mut config = prost_build::Config::new();
    config.enable_type_names();
    tonic_prost_build::configure()
        .btree_map(".")
        .build_transport(false)
        .compile_fds_with_config(compiler.file_descriptor_set(), config)?;
    Ok(())
}

fn collect(root: &Path, dir: &Path, files: &mut Vec<PathBuf>) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(root, &path, files)?;
        } else if path.extension().is_some_and(|e| e == "proto") {
            files.push(path.strip_prefix(root)?.to_owned());
        }
    }
    Ok(())
}

/// `mod intake { pub mod v1 { include!("motcua.intake.v1.rs"); } }` for every package.
fn packages(pool: &DescriptorPool) -> Result<String, Box<dyn Error>> {
    let mut names: Vec<_> = pool.files().map(|f| f.package_name().to_owned()).collect();
    names.retain(|n| n.starts_with("motcua."));
    names.sort();
    names.dedup();
    let mut code = String::new();
    for name in names {
        let [_, service, version] = name.split('.').collect::<Vec<_>>()[..] else {
            return Err(format!("package {name} is not motcua.<service>.<version>").into());
        };
        let module = module(service);
        writeln!(
            code,
            "/// `{name}`, generated.\npub mod {module} {{ pub mod {version} {{ tonic::include_proto!(\"motcua.{module}.{version}\"); }} }}"
        )?;
    }
    Ok(code)
}

/// The generated module of a package's part: keywords are escaped.
fn module(part: &str) -> String {
    if part == "type" { format!("r#{part}") } else { part.to_owned() }
}

fn tables(pool: &DescriptorPool) -> Result<String, Box<dyn Error>> {
    let rule = pool
        .get_extension_by_name("motcua.access.v1.rule")
        .ok_or("motcua.access.v1.rule is not defined")?;
    let mut code = String::from("pub(crate) static METHODS: &[Method] = &[\n");
    for service in pool.services() {
        for method in service.methods() {
            let options = method.options();
            let rule =
                options.has_extension(&rule).then(|| options.get_extension(&rule).into_owned());
            writeln!(
                code,
                "Method {{ path: \"/{}/{}\", service: \"{}\", name: \"{}\", input: \"{}\", streaming: {}, rule: {} }},",
                service.full_name(),
                method.name(),
                service.full_name(),
                method.name(),
                method.input().full_name(),
                method.is_client_streaming() || method.is_server_streaming(),
                rule_code(rule.as_ref()),
            )?;
        }
    }
    code.push_str("];\n");
    for message in pool.all_messages().filter(has_request_id) {
        let parts: Vec<_> = message.full_name().split('.').collect();
        if let [_, service, version, name] = parts[..] {
            writeln!(
                code,
                "impl Mutation for {}::{version}::{name} {{ fn request_id(&self) -> &str {{ &self.request_id }} }}",
                module(service),
            )?;
        }
    }
    Ok(code)
}

fn has_request_id(message: &MessageDescriptor) -> bool {
    message.get_field_by_name("request_id").is_some() && message.name().ends_with("Request")
}

fn rule_code(rule: Option<&Value>) -> String {
    let Some(rule) = rule.and_then(Value::as_message) else { return "None".into() };
    let flag = |name| field(rule, name).as_bool().unwrap_or_default();
    let texts = |name| -> Vec<String> {
        let list = field(rule, name);
        list.as_list()
            .into_iter()
            .flatten()
            .filter_map(|v| v.as_str().map(ToOwned::to_owned))
            .collect()
    };
    let roles: Vec<i32> = {
        let list = field(rule, "roles");
        list.as_list().into_iter().flatten().filter_map(Value::as_enum_number).collect()
    };
    format!(
        "Some(Rule {{ public: {}, citizen: {}, roles: &{roles:?}, services: &{:?}, scopes: &{:?} }})",
        flag("public"),
        flag("citizen"),
        texts("services"),
        texts("scopes"),
    )
}

fn field(message: &DynamicMessage, name: &str) -> Value {
    message.get_field_by_name(name).map_or(Value::Bool(false), std::borrow::Cow::into_owned)
}
