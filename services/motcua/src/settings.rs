//! Where the settings come from.

use motcua_config::{ConfigError, Layers, Settings};
use motcua_notification::Notification;
use motcua_payment::Payment;
use motcua_service::Module;
use motcua_spine::{Mode, Spine, declare_spine};

use crate::{cli::SettingsArgs, roles};

/// Every setting with its default and its meaning.
const DEFAULTS: &str = include_str!("../motcua.default.toml");

/// The layers: defaults, files, environment, command line.
pub fn layers(args: &SettingsArgs) -> Layers {
    defaults().files(&args.config).process_env().set(&args.set)
}

fn defaults() -> Layers {
    roles::declare(declare_spine(Layers::new(DEFAULTS)))
}

/// The settings in force.
///
/// # Errors
/// Everything that is wrong, with the key and the layer it came from.
pub fn load(args: &SettingsArgs) -> Result<Settings, ConfigError> {
    Settings::load(layers(args))
}

/// What is unsafe in these settings for a process with these services: see
/// [`Spine::refuse_unsafe`], and what a service's own section adds.
pub(crate) fn refused(
    settings: &Settings,
    chosen: &[&'static str],
) -> Result<Vec<String>, ConfigError> {
    let spine = Spine::of(settings)?;
    let mut wrong = spine.refuse_unsafe(chosen, &roles::ALL).err().unwrap_or_default();
    let section: <Notification as Module>::Config = settings.section(Notification::NAME)?;
    let payment: <Payment as Module>::Config = settings.section(Payment::NAME)?;
    if spine.server.mode == Mode::Production {
        wrong.extend(section.refuse_unsafe());
        wrong.extend(payment.refuse_unsafe());
    }
    Ok(wrong)
}

/// The defaults with these changes, whatever files and the environment say.
///
/// # Errors
/// A change that is none of a setting.
pub fn only(set: &[String]) -> Result<Settings, ConfigError> {
    Settings::load(defaults().set(set))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_commented_defaults_are_the_defaults() {
        let drift = layers(&SettingsArgs::default()).drift();
        assert!(drift.is_empty(), "{drift:#?}");
    }
}
